import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { PROMTOOL, runPromtool } from '../support/promtool.js';
import { PROM_QUERIES } from './panelQueries.js';
import { expandPromql } from './promqlNames.js';

const NAME = 'portfolio-performance / Active ventures, whole portfolio / text';
const directory = await mkdtemp(join(tmpdir(), 'portfolio-tile-'));
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The series `label` of the tile's text query, two replicas having computed the counts, of which one is not the newest. */
async function textOf(silent: number, active: number): Promise<string> {
  const expr = expandPromql(PROM_QUERIES.find(({ name }) => name === NAME)?.expr ?? '');
  const series = (name: string, labels: string, value: number) => ({
    series: `${name}{${labels}}`,
    values: String(value),
  });
  const file = join(directory, 'test.yml');
  const test = {
    rule_files: [],
    tests: [
      {
        input_series: ['job="e",instance="a"', 'job="e",instance="b"'].flatMap((replica, index) => [
          series('portfolio_ventures_missing_metrics', replica, index === 0 ? silent : 99),
          series('portfolio_active_ventures', replica, index === 0 ? active : 99),
          series(
            'instance_kpi:portfolio_kpi_newest:bool',
            `${replica},kpi="portfolio_performance"`,
            index === 0 ? 1 : 0,
          ),
          series('portfolio_threshold', `${replica},name="min_active_ventures"`, 2),
        ]),
        promql_expr_test: [{ expr: `count by (label) (${expr})`, eval_time: '0m', exp_samples: [] }],
      },
    ],
  };
  await writeFile(file, stringify(test));
  const { output } = await runPromtool(['test', 'rules', file]);
  const labels = [...output.matchAll(/\{label="([^"]*)"\} 1/g)].map(([, label]) => label);
  return labels.join(' and ');
}

describe.skipIf(PROMTOOL === null)('the tile of active ventures', () => {
  it.each([
    [0, 8, 'needed ≥ 2'],
    [1, 8, '1 of 8 ventures has not reported'],
    [2, 8, '2 of 8 ventures have not reported'],
    [11, 1200, '11 of 1200 ventures have not reported'],
    [21, 21, '21 of 21 ventures have not reported'],
  ])('says, where %s of %s are silent, %s', async (silent, active, text) => {
    expect(await textOf(silent, active)).toBe(text);
  });
});
