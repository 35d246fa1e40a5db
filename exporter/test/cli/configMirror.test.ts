import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConfigMirror, type ChangeNote, type ConfigMirror } from '../../src/app/configMirror.js';
import type { Thresholds } from '../../src/config/thresholdCatalogue.js';
import { readConfigHistory } from '../../src/database/configStore.js';
import { createDatabase as createPool, type Database } from '../../src/database/pool.js';
import type { Configuration } from '../../src/app/loadConfiguration.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { recordedLogger, type LogLine } from '../support/recordedLogger.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';

let server: TestDatabase;
let pool: Database;
let lines: LogLine[];
let isRecorded: boolean;
beforeEach(async () => {
  server = await createDatabase();
  pool = createPool({
    settings: { connectionString: server.url },
    maxConnections: 2,
    connectTimeoutMs: 5_000,
    onIdleError: () => undefined,
  });
});
afterEach(async () => {
  await pool.close();
  await server.drop();
});

const AT_ONCE = { initialDelayMs: 0, maxDelayMs: 0 };
const NOBODY: ChangeNote = { changedBy: null, reason: null };
const BOB: ChangeNote = { changedBy: 'bob', reason: 'the review of March' };
const ANN: ChangeNote = { changedBy: 'ann', reason: 'the board asked for it' };
const STALE = ['thresholds.yaml (header not changed)', null];

const shipped = await shippedConfiguration();

/** thresholds.yaml with this target of growth and this header. */
function edited(growth: number, header: ChangeNote, more: Partial<Configuration['settings']> = {}): Configuration {
  const thresholds: Thresholds = { ...shipped.settings.thresholds, user_growth_target: growth };
  return {
    ...shipped,
    settings: { ...shipped.settings, thresholds, ...more },
    thresholdsFile: { ...shipped.thresholdsFile, values: thresholds, ...header },
  };
}

/** A start of the exporter. */
function start(first: Configuration, note: ChangeNote = NOBODY, database = pool, retry = AT_ONCE): ConfigMirror {
  const recorded = recordedLogger();
  lines = recorded.lines;
  const self = { setConfigRecorded: (is: boolean) => (isRecorded = is) };
  const mirror = createConfigMirror({ database, self, clock: () => new Date(), log: recorded.log, note, retry });
  mirror.want(first);
  return mirror;
}

async function edit(mirror: ConfigMirror, ...steps: Configuration[]): Promise<void> {
  for (const step of steps) {
    mirror.want(step);
    await mirror.sync();
  }
}

/** The oldest first. */
async function history(): Promise<unknown[]> {
  const changes = await readConfigHistory(server.client, { limit: 100 });
  return changes.reverse().map((each) => [each.oldValue, each.newValue, each.changedBy, each.reason]);
}

const pause = (seconds = 0.02): Promise<unknown> => server.client.query('SELECT pg_sleep($1)', [seconds]);
const close = () => server.client.query('ALTER TABLE portfolio_coordination_config_history RENAME TO away');
const open = () => server.client.query('ALTER TABLE away RENAME TO portfolio_coordination_config_history');

describe('who made an edit', () => {
  it('is the header that came with it, once', async () => {
    const mirror = start(edited(0.15, NOBODY));
    await mirror.sync();
    await edit(mirror, edited(0.16, BOB), edited(0.17, BOB), edited(0.18, ANN), edited(0.19, NOBODY));
    expect(await history()).toEqual([
      ['0.15', '0.16', 'bob', 'the review of March'],
      ['0.16', '0.17', ...STALE],
      ['0.17', '0.18', 'ann', 'the board asked for it'],
      ['0.18', '0.19', 'thresholds.yaml', null],
    ]);
  });

  it('is not the former person over a restart, nor where the header came before the numbers', async () => {
    await edit(start(edited(0.15, BOB)), edited(0.15, ANN));
    await start(edited(0.16, ANN)).sync();
    await start(edited(0.17, BOB)).sync();
    expect(await history()).toEqual([
      ['0.15', '0.16', ...STALE],
      ['0.16', '0.17', 'bob', 'the review of March'],
    ]);
  });

  it('is of thresholds.yaml: exporter.yaml has no header', async () => {
    const mirror = start(edited(0.15, NOBODY));
    await edit(mirror, edited(0.15, BOB, { timeZone: 'Asia/Tokyo', carryForwardDays: 5 }));
    expect(await history()).toEqual([
      ['UTC', 'Asia/Tokyo', 'exporter.yaml', null],
      ['3', '5', 'exporter.yaml', null],
    ]);
  });

  it('is said by the command line for what the start found, and not for later edits', async () => {
    await start(edited(0.15, NOBODY)).sync();
    const mirror = start(edited(0.16, BOB), { changedBy: 'kim', reason: 'deployed' });
    await mirror.sync();
    await edit(mirror, edited(0.17, ANN));
    expect(await history()).toEqual([
      ['0.15', '0.16', 'kim', 'deployed'],
      ['0.16', '0.17', 'ann', 'the board asked for it'],
    ]);
  });

  it('is nobody known where the table was edited by hand', async () => {
    const mirror = start(edited(0.15, BOB));
    await mirror.sync();
    await server.client.query(
      `UPDATE portfolio_coordination_config SET parameter_value = '0.9' WHERE parameter_name = 'user_growth_target'`,
    );
    await edit(mirror, edited(0.15, ANN));
    expect(await history()).toEqual([['0.9', '0.15', ...STALE]]);
  });
});

describe('steps that the database did not take', () => {
  it('are recorded each, with the moment of the edit, also back to where it began', async () => {
    const mirror = start(edited(0.15, NOBODY));
    await mirror.sync();
    await close();
    const moments: number[] = [];
    for (const step of [edited(0.16, BOB), edited(0.15, ANN)]) {
      moments.push(Date.now());
      await edit(mirror, step);
      await pause(1);
    }
    moments.push(Date.now());
    expect(isRecorded).toBe(false);
    expect(mirror.trouble()?.reason).toContain('portfolio_coordination_config_history');
    expect(lines.filter(({ msg }) => msg.includes('not recorded'))).toHaveLength(1);
    await open();
    await mirror.sync();
    expect(isRecorded).toBe(true);
    expect(mirror.trouble()).toBeNull();
    expect(await history()).toEqual([
      ['0.15', '0.16', 'bob', 'the review of March'],
      ['0.16', '0.15', 'ann', 'the board asked for it'],
    ]);
    const changes = await readConfigHistory(server.client, { limit: 2 });
    for (const [index, { changedAt }] of changes.reverse().entries()) {
      expect(changedAt.getTime()).toBeGreaterThanOrEqual((moments[index] ?? 0) - 5);
      expect(changedAt.getTime()).toBeLessThan(moments[index + 1] ?? 0);
    }
  });

  it('are recorded once by replicas that saw the same ones, whoever comes first', async () => {
    const replicas = [start(edited(0.15, NOBODY)), start(edited(0.15, NOBODY))];
    for (const mirror of replicas) await mirror.sync();
    await close();
    for (const step of [edited(0.16, BOB), edited(0.15, ANN), edited(0.16, BOB), edited(0.17, BOB)]) {
      for (const mirror of replicas) await edit(mirror, step);
      await pause();
    }
    await open();
    for (const mirror of replicas.reverse()) await mirror.sync();
    const steps = [
      ['0.15', '0.16', 'bob', 'the review of March'],
      ['0.16', '0.15', 'ann', 'the board asked for it'],
      ['0.15', '0.16', 'bob', 'the review of March'],
      ['0.16', '0.17', ...STALE],
    ];
    expect(await history()).toEqual(steps);
    // The one that lags behind turns nothing back, and the next edit is one row again.
    for (const mirror of replicas) await edit(mirror, edited(0.18, ANN));
    expect(await history()).toEqual([...steps, ['0.17', '0.18', 'ann', 'the board asked for it']]);
  });

  it('of a start without a database do not undo what another replica recorded meanwhile', async () => {
    const one = start(edited(0.15, NOBODY));
    await one.sync();
    const late = start(edited(0.15, NOBODY));
    await pause();
    await edit(one, edited(0.16, BOB));
    late.want(edited(0.16, BOB));
    await late.sync();
    expect(await history()).toEqual([['0.15', '0.16', 'bob', 'the review of March']]);
  });

  it('are not taken for those before a restart', async () => {
    const before = start(edited(0.15, NOBODY));
    await edit(before, edited(0.16, BOB), edited(0.15, ANN));
    await pause();
    const after = start(edited(0.15, ANN));
    await after.sync();
    await edit(after, edited(0.16, BOB));
    expect((await history()).at(-1)).toEqual(['0.15', '0.16', 'bob', 'the review of March']);
    expect(await history()).toHaveLength(3);
  });

  it('are not tried again with every answer of the database, but when something changed for the better', async () => {
    let tries = 0;
    const withClient: Database['withClient'] = (use, turn) => {
      tries += 1;
      return pool.withClient(use, turn);
    };
    await close();
    const delays = { initialDelayMs: 3_600_000, maxDelayMs: 3_600_000 };
    const mirror = start(edited(0.15, NOBODY), NOBODY, { ...pool, withClient }, delays);
    for (let answer = 0; answer < 10; answer += 1) await mirror.sync();
    expect(tries).toBe(1);
    await open();
    mirror.retry();
    await vi.waitFor(() => expect(isRecorded).toBe(true), 60_000);
    expect(tries).toBe(2);
  });

  it('are at most a hundred', async () => {
    const mirror = start(edited(0.15, NOBODY));
    await mirror.sync();
    await close();
    for (let step = 1; step <= 110; step += 1) mirror.want(edited(0.15 + step / 1000, BOB));
    await open();
    await mirror.stop();
    const recorded = await history();
    expect(recorded).toHaveLength(100);
    expect(recorded.at(-1)).toEqual(['0.259', '0.26', ...STALE]);
  });

  it('that are lost at the stop are told', async () => {
    const mirror = start(edited(0.15, NOBODY));
    await mirror.sync();
    await close();
    await edit(mirror, edited(0.16, BOB));
    await mirror.stop();
    expect(lines.at(-1)?.msg).toContain('the next start records how it differs');
    await vi.waitFor(open, 60_000);
  });
});
