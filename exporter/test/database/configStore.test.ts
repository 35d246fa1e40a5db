import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS, THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';
import type { ConfigValues } from '../../src/database/configStore.js';
import { readConfigHistory, syncConfig } from '../../src/database/configStore.js';
import type { TestDatabase } from '../support/database.js';
import { createDatabase } from '../support/database.js';
import { THRESHOLD_TABLE } from '../config/thresholdTable.js';

const VALUES: ConfigValues = {
  thresholds: DEFAULT_THRESHOLDS,
  timeZone: 'UTC',
  carryForwardDays: 3,
  changedBy: 'first@example.test',
  reason: null,
};

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await createDatabase();
  client = database.client;
});
afterEach(async () => {
  await database.drop();
});

type ConfigRow = Record<string, string | Date | null>;

async function rowsByName(): Promise<Map<string, ConfigRow>> {
  const { rows } = await client.query<ConfigRow>('SELECT *, xmin::text FROM portfolio_coordination_config');
  return new Map(rows.map((row) => [String(row['parameter_name']), row]));
}

async function historyCount(): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM portfolio_coordination_config_history',
  );
  return rows[0]?.count ?? -1;
}

describe('syncConfig', () => {
  it('writes every threshold in base units, and the two values that the views read', async () => {
    expect(await syncConfig(client, VALUES)).toEqual({ changed: [] });
    const rows = await rowsByName();
    const others = ['time_zone', 'carry_forward_days', 'thresholds_header'];
    expect([...rows.keys()].toSorted()).toEqual([...THRESHOLD_NAMES, ...others].toSorted());
    for (const [name, category, unit, default_, min, max] of THRESHOLD_TABLE) {
      expect(rows.get(name)).toMatchObject({
        parameter_value: String(default_),
        parameter_type: 'NUMBER',
        unit,
        valid_range: max === null ? 'not negative' : `${min} - ${max}`,
        default_value: String(default_),
        description: THRESHOLD_CATALOGUE[name].description,
        category,
        modified_by: 'first@example.test',
      });
    }
    expect(rows.get('portfolio_revenue_improvement_target')).toMatchObject({
      parameter_value: '0.2',
      valid_range: '0.05 - 1',
    });
    expect(rows.get('conflict_resolution_timeout')).toMatchObject({ parameter_value: '172800' });
    expect(rows.get('hourly_rate')).toMatchObject({ parameter_value: '75', unit: 'dollars' });
    expect(rows.get('time_zone')).toMatchObject({
      parameter_value: 'UTC',
      parameter_type: 'TEXT',
      unit: null,
      category: 'exporter',
    });
    expect(rows.get('carry_forward_days')).toMatchObject({
      parameter_value: '3',
      parameter_type: 'NUMBER',
      unit: 'count',
      category: 'exporter',
    });
    expect(await historyCount()).toBe(0);
  });

  it('feeds the reporting views', async () => {
    await syncConfig(client, { ...VALUES, timeZone: 'Asia/Tokyo', carryForwardDays: 5 });
    const clock = await client.query('SELECT time_zone, carry_forward_days FROM portfolio_reporting.clock');
    expect(clock.rows).toEqual([{ time_zone: 'Asia/Tokyo', carry_forward_days: 5 }]);
    const value = await client.query<{ value: string }>(
      `SELECT value FROM portfolio_reporting.thresholds WHERE name = 'hourly_rate'`,
    );
    expect(value.rows).toEqual([{ value: '75' }]);
  });

  it('writes nothing at all where nothing changed', async () => {
    await syncConfig(client, VALUES);
    const before = await rowsByName();
    expect(await syncConfig(client, VALUES)).toEqual({ changed: [] });
    // xmin is the transaction that wrote the row last.
    expect(await rowsByName()).toEqual(before);
    // Another header is remembered, and is no change.
    expect(await syncConfig(client, { ...VALUES, changedBy: 'someone else' })).toEqual({ changed: [] });
    const after = await rowsByName();
    for (const rows of [before, after]) rows.delete('thresholds_header');
    expect(after).toEqual(before);
    expect(await historyCount()).toBe(0);
  });

  it('records each change with old and new value, when, by whom and why', async () => {
    await syncConfig(client, VALUES);
    const before = await rowsByName();
    const start = Date.now();
    const result = await syncConfig(client, {
      ...VALUES,
      thresholds: { ...DEFAULT_THRESHOLDS, user_growth_target: 0.165, conflict_resolution_timeout: 86_400 },
      timeZone: 'Europe/Berlin',
      changedBy: 'second@example.test',
      reason: 'the review of March',
    });
    expect(result.changed.toSorted()).toEqual(['conflict_resolution_timeout', 'time_zone', 'user_growth_target']);
    const history = await readConfigHistory(client, { limit: 10 });
    expect(history).toHaveLength(3);
    const byName = new Map(history.map((change) => [change.parameterName, change]));
    expect(byName.get('user_growth_target')).toMatchObject({
      unit: 'ratio',
      oldValue: '0.15',
      newValue: '0.165',
      changedBy: 'second@example.test',
      reason: 'the review of March',
    });
    expect(byName.get('conflict_resolution_timeout')).toMatchObject({
      unit: 'seconds',
      oldValue: '172800',
      newValue: '86400',
    });
    expect(byName.get('time_zone')).toMatchObject({ unit: null, oldValue: 'UTC', newValue: 'Europe/Berlin' });
    for (const { changedAt } of history) {
      expect(Math.abs(changedAt.getTime() - start)).toBeLessThan(60_000);
    }
    const after = await rowsByName();
    expect(after.get('user_growth_target')).toMatchObject({
      parameter_value: '0.165',
      modified_by: 'second@example.test',
    });
    expect(after.get('user_growth_target')?.['last_modified_at']).not.toEqual(
      before.get('user_growth_target')?.['last_modified_at'],
    );
    expect(after.get('hourly_rate')).toEqual(before.get('hourly_rate'));
  });

  it('takes back what someone changed in the database, and says so', async () => {
    await syncConfig(client, VALUES);
    await client.query(
      `UPDATE portfolio_coordination_config SET parameter_value = '0.9' WHERE parameter_name = 'user_growth_target'`,
    );
    // The same number in another spelling is no change.
    await client.query(
      `UPDATE portfolio_coordination_config SET parameter_value = '75.00' WHERE parameter_name = 'hourly_rate'`,
    );
    expect(await syncConfig(client, VALUES)).toEqual({ changed: ['user_growth_target'] });
    expect(await readConfigHistory(client, { limit: 10 })).toMatchObject([
      { parameterName: 'user_growth_target', oldValue: '0.9', newValue: '0.15', reason: null },
    ]);
  });

  it('renews a description or range without a record of change', async () => {
    await syncConfig(client, VALUES);
    await client.query(
      `UPDATE portfolio_coordination_config SET description = 'old words', valid_range = '1 - 2' WHERE parameter_name = 'hourly_rate'`,
    );
    const before = (await rowsByName()).get('hourly_rate');
    expect(await syncConfig(client, { ...VALUES, changedBy: 'someone else' })).toEqual({ changed: [] });
    const after = (await rowsByName()).get('hourly_rate');
    expect(after).toMatchObject({ description: THRESHOLD_CATALOGUE.hourly_rate.description, valid_range: '1 - 1000' });
    expect(after).toMatchObject({ modified_by: 'first@example.test', last_modified_at: before?.['last_modified_at'] });
    expect(await historyCount()).toBe(0);
  });

  it('leaves rows that it does not know alone', async () => {
    await client.query(
      `INSERT INTO portfolio_coordination_config (parameter_name, parameter_value, parameter_type, modified_by)
       VALUES ('someone_elses', 'x', 'TEXT', 'someone')`,
    );
    const before = (await rowsByName()).get('someone_elses');
    await syncConfig(client, VALUES);
    expect((await rowsByName()).get('someone_elses')).toEqual(before);
  });

  it('keeps the old state as a whole where a write fails', async () => {
    await syncConfig(client, VALUES);
    await client.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
       CREATE TRIGGER refuse BEFORE UPDATE ON portfolio_coordination_config FOR EACH ROW
         WHEN (NEW.parameter_name = 'interdependency_notification_cooldown') EXECUTE FUNCTION refuse()`,
    );
    const thresholds = {
      ...DEFAULT_THRESHOLDS,
      user_growth_target: 0.5,
      interdependency_notification_cooldown: 86_400,
    };
    await expect(syncConfig(client, { ...VALUES, thresholds })).rejects.toThrow('refused');
    expect((await rowsByName()).get('user_growth_target')).toMatchObject({ parameter_value: '0.15' });
    expect(await historyCount()).toBe(0);
    // The connection is usable again.
    expect(await syncConfig(client, VALUES)).toEqual({ changed: [] });
  });

  it('lets replicas at once write each change once', async () => {
    const replicas = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const replica = new Client({ connectionString: database.url });
        await replica.connect();
        return replica;
      }),
    );
    try {
      // First start together on an empty table.
      await Promise.all(replicas.map((replica) => syncConfig(replica, VALUES)));
      expect((await rowsByName()).size).toBe(THRESHOLD_NAMES.length + 3);
      for (const [round, growth] of [0.16, 0.17, 0.18].entries()) {
        const thresholds = { ...DEFAULT_THRESHOLDS, user_growth_target: growth, hourly_rate: 80 + round };
        const results = await Promise.all(replicas.map((replica) => syncConfig(replica, { ...VALUES, thresholds })));
        expect(results.filter(({ changed }) => changed.length > 0)).toEqual([
          { changed: ['user_growth_target', 'hourly_rate'] },
        ]);
      }
      expect(await historyCount()).toBe(6);
      const history = await readConfigHistory(client, { limit: 10, name: 'user_growth_target' });
      expect(history.map(({ oldValue, newValue }) => [oldValue, newValue])).toEqual([
        ['0.17', '0.18'],
        ['0.16', '0.17'],
        ['0.15', '0.16'],
      ]);
    } finally {
      await Promise.all(replicas.map((replica) => replica.end()));
    }
  });
});

describe('readConfigHistory', () => {
  it('gives the newest first, up to the limit, of one name where asked', async () => {
    await syncConfig(client, VALUES);
    for (const rate of [80, 90, 100]) {
      await syncConfig(client, {
        ...VALUES,
        thresholds: { ...DEFAULT_THRESHOLDS, hourly_rate: rate },
        reason: `to ${rate}`,
      });
    }
    expect((await readConfigHistory(client, { limit: 2 })).map(({ newValue }) => newValue)).toEqual(['100', '90']);
    expect(await readConfigHistory(client, { limit: 10, name: 'hourly_rate' })).toHaveLength(3);
    expect(await readConfigHistory(client, { limit: 10, name: 'user_growth_target' })).toEqual([]);
  });
});
