import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runPromtool } from '../support/promtool.js';
import { PROM_QUERIES } from './panelQueries.js';
import { expandPromql } from './promqlNames.js';

export type Labels = Readonly<Record<string, string>>;

/** A series and its samples at midnight of two days, as promtool writes them. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

export const series = (name: string, labels: Labels): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;

/**
 * What promtool, a real Prometheus, says against these samples; empty where they are the answer.
 * @param query of a panel: `portfolio-overview / What needs a decision / A`
 */
export async function differences(
  query: string,
  portfolio: string,
  input: readonly InputSeries[],
  expected: readonly (readonly [labels: Labels, value: number])[],
): Promise<string> {
  const expr = expandPromql(PROM_QUERIES.find(({ name }) => name === query)?.expr ?? '', portfolio);
  const test = {
    rule_files: [],
    tests: [
      {
        interval: '1d',
        input_series: input,
        promql_expr_test: [
          {
            expr,
            eval_time: '1d',
            exp_samples: expected.map(([labels, value]) => ({ labels: series('', labels), value })),
          },
        ],
      },
    ],
  };
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-answers-'));
  try {
    const file = join(directory, 'test.yml');
    await writeFile(file, stringify(test));
    const { code, output } = await runPromtool(['test', 'rules', file]);
    return code === 0 ? '' : output.slice(output.indexOf('exp:'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
