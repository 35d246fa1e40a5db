import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KpiResultError } from '../../src/kpi/kpiResultError.js';
import { queryKpi } from '../../src/kpi/queryKpi.js';
import type { KpiUnit, Sample } from '../../src/kpi/unit.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { INPUT, kpiUnit, metric } from '../support/kpiUnit.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ template: 'empty' });
});
afterAll(() => database.drop());

const A = 'portfolio_a';
const B = 'portfolio_b';

/** The samples of a SELECT on the server, for a unit with metric portfolio_a and label venture unless said otherwise. */
async function samplesOf(sql: string, overrides: Partial<KpiUnit> = {}): Promise<readonly Sample[]> {
  const unit = kpiUnit({ metrics: [metric(A, { labels: ['venture'] })], sql, ...overrides });
  return (await queryKpi(database.client, unit, INPUT)).samples;
}

async function refusal(sql: string, overrides: Partial<KpiUnit> = {}): Promise<string> {
  return await samplesOf(sql, overrides).then(
    (samples) => `accepted ${JSON.stringify(samples)}`,
    (error: unknown) => {
      if (!(error instanceof KpiResultError)) throw error;
      return error.message;
    },
  );
}

const plain = (value: string): Promise<readonly Sample[]> =>
  samplesOf(`SELECT ${value} AS ${A}`, { metrics: [metric(A)] });

describe('a value', () => {
  it.each([
    ['1::smallint', 1],
    ['-7::integer', -7],
    ['9007199254740991::bigint', 9007199254740991],
    // Beyond 2^53 float64 has no odd numbers: the nearest is the value.
    ['9223372036854775807::bigint', 2 ** 63],
    ['0.1::real', 0.1],
    ['0.1::double precision', 0.1],
    ['1e308::double precision', 1e308],
    ['0.30::numeric', 0.3],
    ['123456789012345678901234567890::numeric', 1.2345678901234568e29],
    ['0.123456789012345678901234567890::numeric', 0.12345678901234568],
    ['12345678901234567890.1234567890::numeric', 1.2345678901234567e19],
    ['-0.0::numeric', 0],
    ['count(*)', 1],
    ['sum(1::bigint)', 1],
  ])('of %s is a number', async (sql, value) => {
    expect(await plain(sql)).toEqual([{ metric: A, labels: {}, value }]);
  });

  it.each([
    `'NaN'::double precision`,
    `'Infinity'::double precision`,
    `'-Infinity'::real`,
    `'NaN'::numeric`,
    `'Infinity'::numeric`,
    '1e400::numeric',
    '-1e400::numeric',
  ])('of %s fails the run', async (sql) => {
    expect(await refusal(`SELECT 'x' AS venture, 1 AS ${A} UNION ALL SELECT 'y', ${sql}`)).toBe(
      'column portfolio_a is not a finite number in row 2',
    );
  });

  it('that is NULL is no sample, and never a 0', async () => {
    expect(await plain('NULL::numeric')).toEqual([]);
    expect(
      await samplesOf(
        `SELECT * FROM (VALUES ('x', 1, NULL::numeric), ('y', NULL, 2), ('z', 0, NULL)) AS t (venture, ${A}, ${B})`,
        {
          metrics: [metric(A, { labels: ['venture'] }), metric(B, { labels: ['venture'] })],
        },
      ),
    ).toEqual([
      { metric: A, labels: { venture: 'x' }, value: 1 },
      { metric: A, labels: { venture: 'z' }, value: 0 },
      { metric: B, labels: { venture: 'y' }, value: 2 },
    ]);
  });

  it('is absent where there are no rows', async () => {
    expect(await samplesOf(`SELECT 'x' AS venture, 1 AS ${A} WHERE false`)).toEqual([]);
  });
});

describe('a label', () => {
  it.each([
    ['NULL::text', ''],
    [`''`, ''],
    [`'null'`, 'null'],
    ['true', 't'],
    ['7', '7'],
    [`'2026-03-31'::date`, '2026-03-31'],
    [`'00000000-0000-4000-8000-000000000001'::uuid`, '00000000-0000-4000-8000-000000000001'],
    [`E'"><script>\\\\ \\n \\t 🙂 é'`, '"><script>\\ \n \t 🙂 é'],
    [`'constructor'`, 'constructor'],
  ])('of %s is text', async (sql, venture) => {
    expect(await samplesOf(`SELECT ${sql} AS venture, 1 AS ${A}`)).toEqual([
      { metric: A, labels: { venture }, value: 1 },
    ]);
  });

  it('belongs to the metrics that name it, so that one query can mix label sets', async () => {
    const sql = `SELECT 1 AS ${A}, 'x' AS venture, NULL AS owner, NULL::int AS ${B}
                 UNION ALL SELECT NULL, 'x', 'Ada', 2
                 UNION ALL SELECT NULL, 'y', 'Ada', 3`;
    const metrics = [metric(A, { labels: ['venture'] }), metric(B, { labels: ['owner', 'venture'] })];
    expect(await samplesOf(sql, { metrics })).toEqual([
      { metric: A, labels: { venture: 'x' }, value: 1 },
      { metric: B, labels: { owner: 'Ada', venture: 'x' }, value: 2 },
      { metric: B, labels: { owner: 'Ada', venture: 'y' }, value: 3 },
    ]);
  });

  it('set that comes twice for a metric fails the run', async () => {
    expect(await refusal(`SELECT * FROM (VALUES ('x', 1), ('y', 2), ('x', 1)) AS t (venture, ${A})`)).toBe(
      'portfolio_a has the same labels (venture) in rows 1 and 3',
    );
    expect(await refusal(`SELECT * FROM (VALUES ('x', 1), (NULL, 2), ('', 3)) AS t (venture, ${A})`)).toBe(
      'portfolio_a has the same labels (venture) in rows 2 and 3',
    );
    expect(await refusal(`SELECT g AS ${A} FROM generate_series(1, 2) AS g`, { metrics: [metric(A)] })).toBe(
      'portfolio_a has no labels in rows 1 and 2',
    );
  });

  it('set is compared as a whole, whatever characters the values have', async () => {
    const metrics = [metric(A, { labels: ['venture', 'owner'] })];
    const sql = `SELECT * FROM (VALUES ('x","y', 'z', 1), ('x', 'y","z', 2)) AS t (venture, owner, ${A})`;
    expect(await samplesOf(sql, { metrics })).toHaveLength(2);
  });
});

describe('the columns', () => {
  it.each([
    [`SELECT 'x' AS venture`, 'column portfolio_a is declared but the SELECT does not return it'],
    [`SELECT 1 AS ${A}`, 'column venture is declared but the SELECT does not return it'],
    [
      `SELECT 'x' AS venture, 1 AS ${A}, 2 AS extra`,
      'column extra is not declared; add it to metrics or labels, or drop it from the SELECT',
    ],
    [
      `SELECT 'x' AS venture, 1 AS ${A}, 2 AS ${A}`,
      'column portfolio_a is returned twice; give each column its own name',
    ],
    [
      `SELECT 'x' AS venture, 1 AS ${A}, 'y' AS venture`,
      'column venture is returned twice; give each column its own name',
    ],
    [
      `SELECT 'x' AS venture, '1' AS ${A}`,
      'column portfolio_a is not numeric (type oid 25); cast it to numeric or double precision',
    ],
    [
      `SELECT 'x' AS venture, true AS ${A}`,
      'column portfolio_a is not numeric (type oid 16); cast it to numeric or double precision',
    ],
    [
      `SELECT 'x' AS venture, interval '1 hour' AS ${A}`,
      'column portfolio_a is not numeric (type oid 1186); cast it to numeric or double precision',
    ],
    [
      `SELECT 'x' AS venture, 1::money AS ${A}`,
      'column portfolio_a is not numeric (type oid 790); cast it to numeric or double precision',
    ],
  ])('are exactly the declared ones: %s', async (sql, message) => {
    expect(await refusal(sql)).toBe(message);
    // Also where there is no row to go by.
    expect(await refusal(`${sql} LIMIT 0`)).toBe(message);
  });

  it('are told of all at once', async () => {
    expect(await refusal(`SELECT 'x' AS vnture, '1' AS ${A}`)).toBe(
      'column vnture is not declared; add it to metrics or labels, or drop it from the SELECT; ' +
        'column portfolio_a is not numeric (type oid 25); cast it to numeric or double precision; ' +
        'column venture is declared but the SELECT does not return it',
    );
  });
});

describe('max_series', () => {
  const rows = (count: number): string => `SELECT g AS venture, g AS ${A} FROM generate_series(1, ${count}) AS g`;

  it('lets as many rows pass as it says', async () => {
    expect(await samplesOf(rows(1_000))).toHaveLength(1_000);
    expect(await samplesOf(rows(10_000), { maxSeries: 10_000 })).toHaveLength(10_000);
  });

  it('fails the run with one row more', async () => {
    expect(await refusal(rows(1_001))).toBe(
      '1001 rows, more than max_series 1000; narrow the query or raise max_series of sample',
    );
    expect(await refusal(rows(10_000))).toBe(
      '10000 rows, more than max_series 1000; narrow the query or raise max_series of sample',
    );
  });
});

describe('a refusal', () => {
  it('never tells what stands in a row', async () => {
    const secret = 'salary of Ada';
    const messages = [
      await refusal(`SELECT '${secret}' AS venture, 'NaN'::float8 AS ${A}`),
      await refusal(`SELECT '${secret}' AS venture, g AS ${A} FROM generate_series(1, 2) AS g`),
      await refusal(`SELECT '${secret}' AS ${A}, 'x' AS venture`),
      await refusal(`SELECT '${secret}' AS venture, g AS ${A} FROM generate_series(1, 1001) AS g`),
    ];
    for (const message of messages) {
      expect(message).not.toMatch(/^accepted/);
      expect(message).not.toContain(secret);
    }
  });
});
