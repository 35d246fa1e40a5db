import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { detectConflicts } from '../../../src/actions/recursion/detectConflicts.js';
import { createDatabase } from '../../support/database.js';
import type { TestDatabase } from '../../support/database.js';
import { at, atOnce, clear, fill, id, SETTINGS } from './portfolioFixture.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(() => clear(database.client));
afterAll(() => database.drop());

const allocation = (resource: string, venture: string, percent: number, status = 'active'): string =>
  `INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage, status)
   VALUES ('${id(resource)}', 'CTO time', 'people', '${id(venture)}', ${percent}, '${status}');`;
const OVER = [allocation('r1', 'v1', 60), allocation('r1', 'v2', 45)].join('');
const now = at('11-02T06:00');
const detect = (moment = now, over = {}) =>
  detectConflicts(database.client, moment, { ...SETTINGS, thresholds: { ...SETTINGS.thresholds, ...over } });
const conflicts = async (): Promise<unknown[]> =>
  (
    await database.client.query<Record<string, unknown>>(
      `SELECT resource_id, total_allocation_pct::float8 AS percent, detected_at, resolved_at, status, resolution_notes AS notes
         FROM resource_conflicts ORDER BY detected_at`,
    )
  ).rows;

describe('an over-allocation', () => {
  it('opens one conflict and fires PORTFOLIO-002 once', async () => {
    await fill(database.client, OVER + allocation('r2', 'v1', 100) + allocation('r3', 'v3', 120, 'planned'));
    expect(await detect()).toEqual({ opened: 1, resolved: 0, fired: 1 });
    expect(await detect()).toEqual({ opened: 0, resolved: 0, fired: 0 });
    expect(await conflicts()).toEqual([
      { resource_id: id('r1'), percent: 105, detected_at: now, resolved_at: null, status: 'DETECTED', notes: null },
    ]);
    const { rows } = await database.client.query(`SELECT source, seen_at FROM source_heartbeats`);
    expect(rows).toEqual([{ source: 'resource_conflicts', seen_at: now }]);
  });

  it('that is known announces no change, although it is looked at again', async () => {
    await fill(database.client, OVER);
    await detect();
    const heard: (string | undefined)[] = [];
    const hear = ({ payload }: { payload?: string | undefined }): number => heard.push(payload);
    database.client.on('notification', hear);
    await database.client.query('LISTEN portfolio_changes');
    await detect();
    await database.client.query(`UNLISTEN portfolio_changes; SELECT pg_notify('portfolio_changes', 'nobody')`);
    database.client.off('notification', hear);
    expect(heard).toEqual([]);
  });

  it('opens one when eight processes see it at once', async () => {
    await fill(database.client, OVER);
    const results = await atOnce(database, 8, (client) => detectConflicts(client, now, SETTINGS));
    expect(results.filter(({ opened, fired }) => opened + fired > 0)).toEqual([{ opened: 1, resolved: 0, fired: 1 }]);
    expect(await conflicts()).toHaveLength(1);
  });

  it('is counted as the KPI does: beyond threshold and tolerance together', async () => {
    await fill(database.client, OVER);
    expect(await detect(now, { over_allocation_tolerance: 0.05 })).toMatchObject({ opened: 0 });
    expect(await detect(now, { over_allocation_tolerance: 0.0499 })).toMatchObject({ opened: 1 });
  });

  it('fits the column however large it is', async () => {
    await fill(database.client, allocation('r1', 'v1', 999.99) + allocation('r1', 'v2', 999.99));
    await detect();
    expect(await conflicts()).toMatchObject([{ percent: 999.99 }]);
  });

  it('with a conflict that people opened has that one', async () => {
    await fill(
      database.client,
      `${OVER} INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct, detected_at, status)
       VALUES ('${id('r1')}', 'CTO time', 105, '2026-11-01Z', 'IN_PROGRESS');`,
    );
    expect(await detect()).toEqual({ opened: 0, resolved: 0, fired: 1 });
  });

  it('is a new conflict when it comes back', async () => {
    await fill(database.client, OVER);
    await detect();
    await database.client.query(`UPDATE venture_resource_allocations SET allocation_percentage = 40`);
    expect(await detect(at('11-03T06:00'))).toEqual({ opened: 0, resolved: 1, fired: 0 });
    await database.client.query(`UPDATE venture_resource_allocations SET allocation_percentage = 70`);
    expect(await detect(at('11-04T06:00'))).toEqual({ opened: 1, resolved: 0, fired: 1 });
    expect(await conflicts()).toMatchObject([{ status: 'RESOLVED' }, { status: 'DETECTED', percent: 140 }]);
  });
});

describe('a conflict', () => {
  it('is resolved when the allocation is back at the limit, with a note behind what people wrote', async () => {
    await fill(database.client, OVER);
    await detect();
    await database.client.query(
      `UPDATE resource_conflicts SET status = 'IN_PROGRESS', resolution_notes = 'Beta gives way';
       UPDATE venture_resource_allocations SET allocation_percentage = 40 WHERE venture_id = '${id('v2')}'`,
    );
    expect(await detect(at('11-03T08:00'))).toEqual({ opened: 0, resolved: 1, fired: 0 });
    expect(await conflicts()).toMatchObject([
      {
        status: 'RESOLVED',
        resolved_at: at('11-03T08:00'),
        notes: 'Beta gives way\nThe allocation is back at 100%, at or under the limit of 100%.',
      },
    ]);
    const { rows } = await database.client.query(
      `SELECT outcome, closed_by, responded_at FROM portfolio_actions.recursion_executions`,
    );
    expect(rows).toEqual([{ outcome: 'RESOLVED', closed_by: 'rows', responded_at: at('11-03T08:00') }]);
  });

  it('is resolved when no allocation of its resource is left', async () => {
    await fill(database.client, OVER);
    await detect();
    await database.client.query(`DELETE FROM venture_resource_allocations`);
    expect(await detect(at('11-03T08:00'))).toMatchObject({ resolved: 1 });
    expect(await conflicts()).toMatchObject([
      { notes: 'The allocation is back at 0%, at or under the limit of 100%.' },
    ]);
  });

  it('of people about an allocation that never was beyond the limit stays theirs', async () => {
    await fill(
      database.client,
      `${allocation('r1', 'v1', 95)} ${allocation('r1', 'v2', 15, 'planned')}
       INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct, detected_at, status)
       VALUES ('${id('r1')}', 'CTO time', 110, '2026-11-01Z', 'IN_PROGRESS');`,
    );
    expect(await detect()).toEqual({ opened: 0, resolved: 0, fired: 0 });
    await database.client.query(`UPDATE venture_resource_allocations SET status = 'active'`);
    expect(await detect()).toMatchObject({ opened: 0, fired: 1 });
    await database.client.query(`UPDATE venture_resource_allocations SET status = 'ended'`);
    expect(await detect(at('11-03T08:00'))).toMatchObject({ resolved: 1 });
  });

  it('is not resolved before it was detected, whatever the clock says', async () => {
    await fill(database.client, OVER);
    await detect();
    await database.client.query(`DELETE FROM venture_resource_allocations`);
    await detect(at('11-01T06:00'));
    expect(await conflicts()).toMatchObject([{ detected_at: now, resolved_at: now }]);
  });

  it('gets another proposal after conflict_resolution_timeout, three in all', async () => {
    await fill(database.client, OVER);
    await detect();
    expect(await detect(at('11-04T05:59'))).toMatchObject({ fired: 0 });
    expect(await detect(at('11-04T06:00'))).toMatchObject({ fired: 1 });
    expect(await detect(at('11-06T06:00'))).toMatchObject({ fired: 1 });
    expect(await detect(at('11-08T06:00'))).toMatchObject({ fired: 0 });
    const { rows } = await database.client.query(`SELECT reason FROM portfolio_actions.recursion_refusals`);
    expect(rows).toEqual([{ reason: 'depth' }]);
  });

  it('whose proposal the Chairman rejected is an override, answered when he did', async () => {
    await fill(database.client, OVER);
    await detect();
    await database.client.query(
      `INSERT INTO portfolio_actions.approvals (conflict_id, requested_at, decided_at, decision, decided_by, note)
       SELECT conflict_id, detected_at, '2026-11-02 09:00Z', 'REJECTED', 'Chair', 'Hire instead' FROM resource_conflicts`,
    );
    await detect(at('11-02T10:00'));
    const { rows } = await database.client.query(
      `SELECT responded_at, override_by, override_reason, outcome FROM portfolio_actions.recursion_executions`,
    );
    expect(rows).toEqual([
      { responded_at: at('11-02T09:00'), override_by: 'Chair', override_reason: 'Hire instead', outcome: null },
    ]);
  });
});
