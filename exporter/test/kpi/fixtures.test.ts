import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryKpi } from '../../src/kpi/run/queryKpi.js';
import type { KpiUnit } from '../../src/kpi/unit/unit.js';
import { shippedUnits } from '../../scripts/shippedUnits.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { boundQuery, differences, fixtureNames, loadFixture, prepareSession, runQuery } from './fixture.js';

const units = await shippedUnits();

describe('the fixtures', () => {
  it('exist for every unit and for nothing else', () => {
    expect(fixtureNames().sort()).toEqual(units.map((unit) => unit.name).sort());
  });

  it('expect a sample of every metric', () => {
    const expected = units.flatMap((unit) => loadFixture(unit.name).flatMap((one) => [...one.expected.keys()]));
    const names = new Set(expected.map((series) => series.replace(/\{.*$/, '')));
    expect([...names].sort()).toEqual(units.flatMap((unit) => unit.metrics.map((metric) => metric.name)).sort());
  });

  it('tell a wrong, a missing and a surplus sample from the right ones', () => {
    const samples = new Map([['a', 1]]);
    expect(differences(samples, new Map([['a', 1 + 1e-10]]))).toEqual([]);
    expect(differences(samples, new Map([['a', 1 + 1e-8]]))).toHaveLength(1);
    expect(differences(samples, new Map())).toEqual(['missing: a 1']);
    expect(differences(new Map(), samples)).toEqual(['not expected: a 1']);
    expect(differences(new Map([['a', 0]]), new Map([['a', 1e-12]]))).toHaveLength(1);
  });
});

describe.each(units.map((unit): [string, KpiUnit] => [unit.name, unit]))('%s', (name, unit) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    await prepareSession(database.client);
  });
  afterAll(async () => {
    await database.drop();
  });

  it.each(loadFixture(name).map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    await database.client.query('BEGIN');
    try {
      // The rows are written in UTC; only the query runs in the odd time zone.
      await database.client.query(`SET LOCAL TIME ZONE 'UTC'`);
      await database.client.query(one.setup);
      await prepareSession(database.client);
      const actual = await runQuery(database.client, unit, boundQuery(unit, one.input));
      expect(differences(one.expected, actual)).toEqual([]);
    } finally {
      await database.client.query('ROLLBACK');
    }
  });

  it('yields nothing for an empty database in the transaction of the exporter', async () => {
    const [one] = loadFixture(name);
    if (one === undefined) throw new Error('no case');
    await expect(queryKpi(database.client, unit, one.input)).resolves.toMatchObject({
      samples: [],
      dataTimestampSeconds: null,
    });
  });
});
