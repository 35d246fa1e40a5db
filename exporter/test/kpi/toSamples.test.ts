import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KpiResultError } from '../../src/kpi/unit/unit.js';
import { queryKpi } from '../../src/kpi/run/queryKpi.js';
import type { KpiUnit, Sample } from '../../src/kpi/unit/unit.js';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { INPUT, kpiUnit, metric } from '../support/kpiUnit.js';

let database: TestDatabase;
let pool: Database;
beforeAll(async () => {
  database = await createDatabase({ template: 'empty' });
  pool = createPool({
    settings: { connectionString: database.url },
    maxConnections: 1,
    connectTimeoutMs: 10_000,
    onIdleError: () => undefined,
  });
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

const A = 'portfolio_a';
const B = 'portfolio_b';

/** The samples of a SELECT on the server, for a unit with metric portfolio_a and label venture unless said otherwise. */
async function samplesOf(sql: string, overrides: Partial<KpiUnit> = {}): Promise<readonly Sample[]> {
  const unit = kpiUnit({ metrics: [metric(A, { labels: ['venture'] })], sql, ...overrides });
  return (await pool.withClient((client) => queryKpi(client, unit, INPUT))).samples;
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
    [`'10.0.0.1'::inet`, '10.0.0.1'],
    [`'ab'::char(4)`, 'ab  '],
    [`ARRAY['a', NULL, 'b c']`, '{a,NULL,"b c"}'],
    [`'%s %I'`, '%s %I'],
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

describe('a long label', () => {
  const named = [metric(A, { labels: ['venture_id', 'venture'] })];
  const label = async (value: string, maxLabelBytes = 64): Promise<string | undefined> => {
    const sql = `SELECT 7 AS venture_id, ${value} AS venture, 1 AS ${A} FROM generate_series(1, 6) AS g GROUP BY ()`;
    return (await samplesOf(sql, { metrics: named, maxLabelBytes }))[0]?.labels['venture'];
  };

  it.each([
    ['as long as it may be', `repeat('x', 64)`, 'x'.repeat(64)],
    ['one byte longer', `repeat('x', 65)`, `${'x'.repeat(61)}…`],
    // Two, three and four bytes a character: none is cut in half.
    ['of two bytes a character', `repeat('é', 33)`, `${'é'.repeat(30)}…`],
    ['of three', `repeat('€', 22)`, `${'€'.repeat(20)}…`],
    ['of four', `repeat('🙂', 17)`, `${'🙂'.repeat(15)}…`],
    ['exactly full of four', `repeat('🙂', 16)`, '🙂'.repeat(16)],
    ['of quotes, backslashes and line breaks', String.raw`repeat(E'"\\\n', 30)`, `${'"\\\n'.repeat(20)}"…`],
    [
      'of addresses',
      `string_agg(g || '@example.test', ', ')`,
      '1@example.test, 2@example.test, 3@example.test, 4@example.test',
    ],
    ['of one address', `repeat('x', 60) || '@example.test'`, ''],
    ['of another type', `array_fill(1, ARRAY[40])`, `{${'1,'.repeat(30)}…`],
  ])('%s is a name, shortened beside its id', async (_what, value, expected) => {
    expect(await label(value)).toBe(expected);
  });

  it('of 300 MB stays on the server, and silences no other row', async () => {
    const sql = `SELECT g AS venture_id, CASE g WHEN 2 THEN repeat('long name ', 30000000) ELSE 'short' END AS venture, g AS ${A}
                   FROM generate_series(1, 3) AS g`;
    const samples = await samplesOf(sql, { metrics: named });
    expect(samples.map(({ labels }) => labels['venture'])).toEqual(['short', `${'long name '.repeat(102)}l…`, 'short']);
  });

  it.each([
    ['an id', `SELECT repeat('x', 65) AS venture_id, 'x' AS venture, 1 AS ${A}`, named, 'venture_id'],
    [
      'a name without an id',
      `SELECT repeat('x', 65) AS venture, 1 AS ${A}`,
      [metric(A, { labels: ['venture'] })],
      'venture',
    ],
  ])('that is %s fails the run, with the way out', async (_what, sql, metrics, name) => {
    expect(await refusal(sql, { metrics, maxLabelBytes: 64 })).toBe(
      `label ${name} of portfolio_a is longer than 64 bytes in row 1 and tells series apart; ` +
        'shorten it in sample.sql, add a label that ends in _id, or raise label_value_length_limit in exporter.yaml',
    );
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
      'column portfolio_a is not numeric (type text); cast it to numeric or double precision',
    ],
    [
      `SELECT 'x' AS venture, true AS ${A}`,
      'column portfolio_a is not numeric (type bool); cast it to numeric or double precision',
    ],
    [
      `SELECT 'x' AS venture, interval '1 hour' AS ${A}`,
      'column portfolio_a is not numeric (type interval); cast it to numeric or double precision',
    ],
    [
      `SELECT 'x' AS venture, 1::money AS ${A}`,
      'column portfolio_a is not numeric (type money); cast it to numeric or double precision',
    ],
  ])('are exactly the declared ones: %s', async (sql, message) => {
    expect(await refusal(sql)).toBe(message);
    // Also where there is no row to go by.
    expect(await refusal(`${sql} LIMIT 0`)).toBe(message);
  });

  it('are told of all at once', async () => {
    expect(await refusal(`SELECT 'x' AS vnture, '1' AS ${A}`)).toBe(
      'column vnture is not declared; add it to metrics or labels, or drop it from the SELECT; did you mean venture?; ' +
        'column portfolio_a is not numeric (type text); cast it to numeric or double precision; ' +
        'column venture is declared but the SELECT does not return it; did you mean vnture?',
    );
  });

  it('of a wide table are told of in part', async () => {
    const others = Array.from({ length: 1_500 }, (_, index) => `0 AS c${index}`).join(', ');
    const message = await refusal(`SELECT 'x' AS venture, 1 AS ${A}, ${others}`);
    expect(message).toMatch(/^column c0 is not declared.*; and 1490 more columns$/);
    expect(message.length).toBeLessThan(1_000);
  });
});

describe('max_series', () => {
  const rows = (count: number): string => `SELECT g AS venture, g AS ${A} FROM generate_series(1, ${count}) AS g`;
  const tooMany = (limit: number): string =>
    `more than ${limit} series (rows times metrics with a value), the max_series of sample; ` +
    'narrow the query (is a join condition missing?) or raise max_series';

  it('lets as many series pass as it says', async () => {
    expect(await samplesOf(rows(1_000))).toHaveLength(1_000);
    expect(await samplesOf(rows(10_000), { maxSeries: 10_000 })).toHaveLength(10_000);
    expect(await samplesOf(rows(1), { maxSeries: 1 })).toHaveLength(1);
  });

  it('fails the run with one more, however many more there are', async () => {
    expect(await refusal(rows(1_001))).toBe(tooMany(1_000));
    expect(await refusal(rows(2), { maxSeries: 1 })).toBe(tooMany(1));
    expect(await refusal(rows(10_000_000))).toBe(tooMany(1_000));
  });

  it('counts what is a series: each metric of a row that has a value', async () => {
    const metrics = [metric(A, { labels: ['venture'] }), metric(B, { labels: ['venture'] })];
    const both = (count: number): string =>
      `SELECT g AS venture, g AS ${A}, nullif(g, 3) AS ${B} FROM generate_series(1, ${count}) AS g`;
    expect(await samplesOf(both(3), { metrics, maxSeries: 5 })).toHaveLength(5);
    expect(await refusal(both(3), { metrics, maxSeries: 4 })).toBe(tooMany(4));
    const none = `SELECT g AS venture, NULL::int AS ${A} FROM generate_series(1, 5000) AS g`;
    expect(await samplesOf(none)).toEqual([]);
  });
});

describe('bytes', () => {
  const tooMany = `more than 2310144 bytes, what 1000 series (max_series of sample) may take; narrow the query, shorten its labels, or raise max_series`;

  it.each([
    ['of rows without a value', `SELECT g AS venture, NULL::int AS ${A} FROM generate_series(1, 3000000) AS g`],
    ['of labels', `SELECT g || repeat('x', 2400) AS venture, g AS ${A} FROM generate_series(1, 1000) AS g`, 2_500],
    ['of numbers', `SELECT g AS venture, 10::numeric ^ 100000 AS ${A} FROM generate_series(1, 1000) AS g`],
    ['of an error', `SELECT 'x' AS venture, repeat('1', 100000000)::xml::text::int AS ${A}`],
  ])('%s are counted before they are held', async (_what, sql, limit = 1_024) => {
    const metrics = [metric(A, { labels: ['venture'] })];
    const message = await refusal(sql, { metrics, maxLabelBytes: limit });
    expect(message).toBe(tooMany);
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
