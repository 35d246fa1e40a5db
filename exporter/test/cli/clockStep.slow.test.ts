import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { findProgram } from '../support/findProgram.js';
import { startServe } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** A step is noticed within a second; the library looks at its file once a second. */
const SOON = { timeout: 60_000, interval: 200 };

const TIMES = ['kpi_last_success', 'kpi_last_attempt', 'kpi_history_last_success', 'config_last_reload_success'];

const faketime = findProgram(['faketime'], 'faketime');
const preload =
  faketime === null ? '' : execFileSync(faketime, ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD']).toString().trim();

/** A real exporter whose machine's clock is set while it runs; that of the database goes on. */
describe.skipIf(faketime === null)('a clock that is set while the exporter runs', () => {
  let database: TestDatabase;
  let config: ConfigDirectory;
  let exporter: ServedExporter;
  let startedAt = 0;

  /** By this many seconds ahead of the database's. */
  const setClock = (seconds: number): Promise<void> => writeFile(config.file('offset'), `+${seconds}\n`);

  beforeAll(async () => {
    database = await createDatabase({ template: 'demo' });
    config = await createConfigDirectory({ 'exporter.yaml': 'database:\n  probe_interval: 1s\n' });
    await setClock(0);
    startedAt = performance.now();
    const clock = {
      LD_PRELOAD: preload,
      FAKETIME_TIMESTAMP_FILE: config.file('offset'),
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_CACHE_DURATION: '1',
    };
    exporter = await startServe({ env: { DATABASE_URL: database.url, ...clock }, args: config.args });
    await exporter.ready();
  });
  afterAll(async () => {
    await exporter.stop();
    await config.remove();
    await database.drop();
  });

  /** By KPI; of the runs, those that succeeded. */
  const of = async (metric: string): Promise<Map<string, number>> => {
    const all = (await exporter.samples()).filter((one) => one.metric === metric);
    const wanted = all.filter(({ labels }) => (labels['result'] ?? 'success') === 'success');
    return new Map(wanted.map(({ labels, value }) => [labels['kpi'] ?? '', value]));
  };

  it.each([
    ['forward by 1 h', HOUR],
    ['forward by 30 d', HOUR + 30 * DAY],
    ['back by 30 d', HOUR],
    ['back by 1 h', 0],
  ])('%s: every KPI runs again soon and once, and what has happened keeps its age', async (how, to) => {
    const before = await of('portfolio_kpi_runs_total');
    expect(before.size).toBe(16);
    await setClock(to);
    await vi.waitFor(async () => {
      const now = await of('portfolio_kpi_runs_total');
      for (const [kpi, runs] of before) expect(now.get(kpi), kpi).toBeGreaterThan(runs);
    }, SOON);
    expect(
      exporter.program
        .stderr()
        .match(/the clock was set [^"]*/g)
        ?.at(-1),
    ).toBe(`the clock was set ${how}`);
    const passed = (performance.now() - startedAt) / 1000;
    for (const time of TIMES) {
      const ages = [...(await of(`portfolio_${time}_timestamp_seconds`)).values()].map(
        (at) => Date.now() / 1000 + to - at,
      );
      expect(Math.min(...ages), time).toBeGreaterThanOrEqual(0);
      expect(Math.max(...ages), time).toBeLessThan(passed + 1);
    }
    await delay(2_000);
    const after = await of('portfolio_kpi_runs_total');
    // What runs every 30 s may have had its beat meanwhile.
    const runs = [...before].map(([kpi, count]) => (after.get(kpi) ?? 0) - count);
    expect(runs.filter((count) => count === 1).length).toBeGreaterThanOrEqual(9);
    expect(Math.max(...runs)).toBeLessThanOrEqual(2);
  });
});
