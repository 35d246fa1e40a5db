import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/database/transaction.js';
import { AsOfError, isDay, momentOf, presentMoment } from '../../src/kpi/unit/moment.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ template: 'empty' });
});
afterAll(() => database.drop());

describe('the present', () => {
  it('is never before what the server calls now, nor a millisecond ahead of it', async () => {
    const { client } = database;
    for (let time = 0; time < 20; time += 1) {
      const { now, rows } = await inTransaction(client, { access: 'READ ONLY' }, async () => ({
        ...(await presentMoment(client, 'UTC')),
        // Within a transaction now() stands still; it has microseconds, which a Date has not.
        rows: (await client.query<{ now: string }>('SELECT extract(epoch FROM now())::text AS now')).rows,
      }));
      const ahead = now.getTime() / 1_000 - Number(rows[0]?.now);
      expect(ahead).toBeGreaterThanOrEqual(0);
      expect(ahead).toBeLessThan(0.001);
    }
  });

  it('has the day of the time zone', async () => {
    const dayIn = (timeZone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date());
    // 26 hours lie between them, so at any time of day two of the three differ.
    for (const timeZone of ['Pacific/Kiritimati', 'UTC', 'Etc/GMT+12']) {
      expect((await presentMoment(database.client, timeZone)).asOf).toBe(dayIn(timeZone));
    }
  });

  it("is the same whatever the session's time zone and the form of its dates are", async () => {
    const role = `dmy_${randomBytes(6).toString('hex')}`;
    await database.client.query(`
      CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'test';
      ALTER ROLE ${role} SET DateStyle = 'SQL, DMY';
      ALTER ROLE ${role} SET IntervalStyle = 'iso_8601';
      ALTER ROLE ${role} SET TimeZone = 'Pacific/Kiritimati'`);
    const client = new Client({ connectionString: database.urlOf(role, 'test') });
    await client.connect();
    try {
      const [here, there] = [await presentMoment(client, 'UTC'), await presentMoment(database.client, 'UTC')];
      expect(here.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(here.asOf).toBe(there.asOf);
      expect(Math.abs(here.now.getTime() - there.now.getTime())).toBeLessThan(60_000);
      expect(await momentOf(client, '2026-03-05', 'UTC')).toEqual({
        asOf: '2026-03-05',
        now: new Date('2026-03-06T00:00:00Z'),
      });
    } finally {
      await client.end();
      await database.client.query(`DROP ROLE ${role}`);
    }
  });
});

describe('a past day', () => {
  it.each([
    ['2026-01-15', 'UTC', '2026-01-16T00:00:00.000Z'],
    ['2024-02-29', 'UTC', '2024-03-01T00:00:00.000Z'],
    ['2025-12-31', 'America/New_York', '2026-01-01T05:00:00.000Z'],
    // Clocks go forward on 30 March 2025 and back on 26 October 2025 in Berlin.
    ['2025-03-29', 'Europe/Berlin', '2025-03-29T23:00:00.000Z'],
    ['2025-03-30', 'Europe/Berlin', '2025-03-30T22:00:00.000Z'],
    ['2025-10-25', 'Europe/Berlin', '2025-10-25T22:00:00.000Z'],
    ['2025-10-26', 'Europe/Berlin', '2025-10-26T23:00:00.000Z'],
    // In New York on 9 March and 2 November 2025.
    ['2025-03-08', 'America/New_York', '2025-03-09T05:00:00.000Z'],
    ['2025-03-09', 'America/New_York', '2025-03-10T04:00:00.000Z'],
    ['2025-11-02', 'America/New_York', '2025-11-03T05:00:00.000Z'],
    // In Santiago 7 September 2025 has no midnight: the day begins at 1 o'clock.
    ['2025-09-06', 'America/Santiago', '2025-09-07T04:00:00.000Z'],
    // Samoa left out 30 December 2011.
    ['2011-12-29', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s in %s ends at %s', async (asOf, timeZone, now) => {
    expect(await momentOf(database.client, asOf, timeZone)).toEqual({ asOf, now: new Date(now) });
  });

  it('that is today is the present', async () => {
    const present = await presentMoment(database.client, 'UTC');
    const today = await momentOf(database.client, present.asOf, 'UTC');
    expect(today.now.getTime() - present.now.getTime()).toBeLessThan(60_000);
  });

  it('that lies ahead is refused with what today is', async () => {
    const { asOf } = await presentMoment(database.client, 'UTC');
    await expect(momentOf(database.client, '2999-01-01', 'UTC')).rejects.toThrow(
      new AsOfError(`2999-01-01 lies ahead; today is ${asOf} in UTC`),
    );
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-1-1',
    '31.03.2026',
    'yesterday',
    '',
    '2026-03-31T00:00:00Z',
    '0000-01-00',
  ])('that is none is refused: %j', async (asOf) => {
    expect(isDay(asOf)).toBe(false);
    await expect(momentOf(database.client, asOf, 'UTC')).rejects.toThrow(
      new AsOfError(`${asOf} is not a day; write it as YYYY-MM-DD, such as 2026-03-31`),
    );
  });
});
