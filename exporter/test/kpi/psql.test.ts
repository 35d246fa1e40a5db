import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { KPI_DIRECTORY, loadFixture } from './fixture.js';

const PARAMETERS = fileURLToPath(new URL('../../../sql/psql-parameters.sql', import.meta.url));
const units = await shippedUnits();
// psql is not an npm package. Where the checks of the repository run it has to be there.
const isMissing = spawnSync('psql', ['--version']).error !== undefined && process.env['CI'] === undefined;

describe('sql/psql-parameters.sql', () => {
  it('sets every threshold to its default, and the four parameters that are none', () => {
    const set = [...readFileSync(PARAMETERS, 'utf8').matchAll(/^\\set (\S+) (.+)$/gm)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    );
    const thresholds = set.filter(([name]) => name in DEFAULT_THRESHOLDS);
    expect(Object.fromEntries(thresholds.map(([name, value]) => [name, Number(value)]))).toEqual(DEFAULT_THRESHOLDS);
    expect(set.length - thresholds.length).toBe(4);
  });
});

describe.skipIf(isMissing)('each unit runs in psql as it stands', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  function psql(script: string): string {
    const run = spawnSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', database.url], {
      input: script,
      encoding: 'utf8',
    });
    expect({ status: run.status, errors: run.stderr }).toEqual({ status: 0, errors: '' });
    return run.stdout;
  }

  it.each(units.map((unit): [string, KpiUnit] => [unit.name, unit]))('%s', (name, unit) => {
    const [one] = loadFixture(name);
    if (one === undefined) throw new Error('no case');
    const output = psql(
      [
        `SET TIME ZONE 'UTC'; BEGIN; ${one.setup};`,
        '\\pset format unaligned',
        '\\pset fieldsep ,',
        '\\pset footer off',
        `\\i ${PARAMETERS}`,
        `\\set as_of '''${one.input.asOf}''::date'`,
        `\\set now '''${one.input.now.toISOString()}''::timestamptz'`,
        `\\set time_zone '''${one.input.timeZone}'''`,
        `\\i ${KPI_DIRECTORY}/${name}.sql`,
        'ROLLBACK;',
      ].join('\n'),
    );
    const [header = '', ...rows] = output.trim().split('\n');
    const columns = unit.metrics.flatMap((metric) => [metric.name, ...metric.labels]);
    expect(header.split(',').sort()).toEqual([...new Set(columns)].sort());
    // One series of one metric a row, at least.
    const [metric] = unit.metrics;
    const series = [...one.expected.keys()].filter((key) => key.replace(/\{.*/, '') === metric?.name);
    expect(series.length).toBeGreaterThan(0);
    expect(rows.length).toBeGreaterThanOrEqual(series.length);
  });

  it('with the defaults, today', () => {
    const script = [`\\i ${PARAMETERS}`, ...units.map((unit) => `\\i ${KPI_DIRECTORY}/${unit.name}.sql`)];
    expect(psql(script.join('\n'))).toContain('portfolio_active_ventures');
  });
});
