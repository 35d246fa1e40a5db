import { rename, rm, symlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigDirectory } from '../support/configDirectory.js';
import type { ConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { serveHere } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';
import { testUnit } from '../support/testUnit.js';

/** The page of the last second is given to everybody. */
const SHARED_PAGE = { timeout: 60_000, interval: 100 };

/** A change of a file is in force within two seconds, on /metrics and in the database; a machine with other work has more. */
const PROMISED = { timeout: 60_000, interval: 50 };
const HOURS_SAVED = 10;

let database: TestDatabase;
let config: ConfigDirectory;
let exporter: ServedExporter;

// As Kubernetes mounts a ConfigMap: thresholds.yaml -> ..data/thresholds.yaml, ..data -> a directory that is replaced.
const MOUNTED = 'mount/thresholds.yaml';

beforeAll(async () => {
  database = await createDatabase();
  await database.client.query(
    `WITH venture AS (INSERT INTO ventures (name) VALUES ('Alpha')),
          initiative AS (INSERT INTO synergy_initiatives (code, name, status) VALUES ('A-1', 'Shared login', 'ACTIVE') RETURNING id)
     INSERT INTO value_capture_log (initiative_id, value_type, value_amount) SELECT id, 'TIME_SAVED_HOURS', $1 FROM initiative`,
    [HOURS_SAVED],
  );
  config = await createConfigDirectory({
    'exporter.yaml': exporterYaml(),
    'mount/..1/thresholds.yaml': thresholdsYaml(75),
    'kpis/day.yaml': testUnit({ metrics: { portfolio_test_day: 'count' } }),
    'kpis/day.sql': "SELECT :as_of - DATE '2000-01-01' AS portfolio_test_day",
  });
  await symlink('..1', config.file('mount/..data'));
  await symlink('..data/thresholds.yaml', config.file(MOUNTED));
  exporter = await serveHere({
    env: { DATABASE_URL: database.url },
    args: ['--config.file', config.file('exporter.yaml'), '--config.thresholds-file', config.file(MOUNTED)],
  });
  await exporter.ready();
});
afterAll(async () => {
  await exporter.stop();
  await config.remove();
  await database.drop();
});

interface Extra {
  readonly timeZone?: string;
  readonly text?: string;
}

function exporterYaml({ timeZone = 'Etc/GMT+12', text = '' }: Extra = {}): string {
  return `time_zone: ${timeZone}\nkpi_directories: [kpis]\n${text}`;
}

function thresholdsYaml(dollars: number, more = ''): string {
  return `changed_by: ops@example.test\nreason: $${dollars} from now on\nventure_assessment:\n  hourly_rate: $${dollars}\n${more}`;
}

/** All places where an hourly rate shows: the threshold, a KPI computed with it, the database and its history. */
async function inForce(): Promise<Record<string, unknown>> {
  const { rows } = await database.client.query<{ value: string; history: string[] | null; reasons: string[] | null }>(
    `SELECT parameter_value AS value,
            (SELECT array_agg(new_value ORDER BY id) FROM portfolio_coordination_config_history
              WHERE parameter_name = 'hourly_rate') AS history
       FROM portfolio_coordination_config WHERE parameter_name = 'hourly_rate'`,
  );
  return {
    threshold: await exporter.value('portfolio_threshold', { name: 'hourly_rate' }),
    value: await exporter.value('portfolio_synergy_value_year_to_date_dollars'),
    recorded: rows[0]?.value,
    newestChange: rows[0]?.history?.at(-1) ?? null,
    successful: await exporter.value('portfolio_config_last_reload_successful'),
  };
}

/** What {@link inForce} says of a rate; the first one is no change. */
function rate(dollars: number, { isRefused = false } = {}): Record<string, unknown> {
  return {
    threshold: dollars,
    value: dollars * HOURS_SAVED,
    recorded: String(dollars),
    newestChange: dollars === 75 ? null : String(dollars),
    successful: isRefused ? 0 : 1,
  };
}

// One exporter for all, so each test begins with what the one before it left in force.
describe('a changed thresholds.yaml', () => {
  it('is in force from the start', async () => {
    await expect.poll(inForce, PROMISED).toEqual(rate(75));
  });

  it('is taken over when Kubernetes swaps the directory behind it', async () => {
    await config.write('mount/..2/thresholds.yaml', thresholdsYaml(80));
    await symlink('..2', config.file('mount/..data_tmp'));
    await rename(config.file('mount/..data_tmp'), config.file('mount/..data'));
    await rm(config.file('mount/..1'), { recursive: true });
    await expect.poll(inForce, PROMISED).toEqual(rate(80));
  });

  it('is taken over when another file is renamed over it', async () => {
    await config.write('mount/new.yaml', thresholdsYaml(85));
    await rename(config.file('mount/new.yaml'), config.file(MOUNTED));
    await expect.poll(inForce, PROMISED).toEqual(rate(85));
  });

  it('is taken over when it is written in place, with who and why', async () => {
    await config.write(MOUNTED, thresholdsYaml(90));
    await expect.poll(inForce, PROMISED).toEqual(rate(90));
    const { rows } = await database.client.query(
      `SELECT old_value, new_value, changed_by, reason FROM portfolio_coordination_config_history ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([
      { old_value: '85', new_value: '90', changed_by: 'ops@example.test', reason: '$90 from now on' },
    ]);
  });

  it('is refused as a whole where anything in it is wrong, and taken over once it is mended', async () => {
    const loadedAt = () => exporter.value('portfolio_config_last_reload_success_timestamp_seconds');
    const before = await loadedAt();
    const wrong = 'targets:\n  user_growth_target: lots\nalerts:\n  delayed_milestone_alert: 15d\n  no_such_alert: 1\n';
    await config.write(MOUNTED, thresholdsYaml(95, wrong));
    await expect.poll(inForce, PROMISED).toEqual(rate(90, { isRefused: true }));
    const log = exporter.program.stderr();
    for (const problem of [
      '6:23: targets.user_growth_target: ',
      '8:28: alerts.delayed_milestone_alert: 15d is out of range: 1d - 14d',
      '9:18: alerts.no_such_alert: ',
    ]) {
      expect(log).toContain(`problem="${config.file(MOUNTED)}:${problem}`);
      await expect.poll(async () => (await exporter.get('/')).text, SHARED_PAGE).toContain(problem);
    }
    expect(await loadedAt()).toBe(before);
    // Still serving and collecting by the old values.
    expect((await exporter.get('/readyz')).status).toBe(200);

    await config.write(MOUNTED, thresholdsYaml(95));
    await expect.poll(inForce, PROMISED).toEqual(rate(95));
    expect(await loadedAt()).toBeGreaterThan(before ?? Number.NaN);
  });

  it('leaves the old values in force while it is gone, and counts again when it is back', async () => {
    await rm(config.file(MOUNTED));
    // A file that is away may be on its way back from an editor: it counts as gone only after 1.5 s.
    await expect.poll(inForce, { timeout: 60_000, interval: 50 }).toEqual(rate(95, { isRefused: true }));
    expect(exporter.program.stderr()).toContain(`${config.file(MOUNTED)}:1:1: the file does not exist`);
    await config.write(MOUNTED, thresholdsYaml(100));
    await expect.poll(inForce, PROMISED).toEqual(rate(100));
  });
});

it('a scrape during a reload has every metric, with its series of before or after', async () => {
  const families = async (): Promise<string[]> =>
    [...(await exporter.get('/metrics')).text.matchAll(/^# TYPE (portfolio_\w+)/gm)].map(([, name = '']) => name);
  const before = await families();
  expect(before.length).toBeGreaterThan(40);
  const progress = { isDone: false };
  const reloads = (async () => {
    for (const dollars of [90, 110, 90, 110, 100]) {
      await config.write(MOUNTED, thresholdsYaml(dollars));
      expect((await exporter.get('/-/reload', { method: 'POST' })).status).toBe(200);
    }
    progress.isDone = true;
  })();
  let scrapes = 0;
  while (!progress.isDone) {
    const now = await families();
    expect(before.filter((name) => !now.includes(name))).toEqual([]);
    scrapes += 1;
    // What fails ends the loop too.
    await Promise.race([reloads, new Promise((resolve) => setTimeout(resolve, 5))]);
  }
  expect(scrapes).toBeGreaterThan(5);
  await reloads;
  await expect.poll(inForce, PROMISED).toEqual(rate(100));
});

describe('200 reloads at the same time', () => {
  const loads = () => exporter.program.stderr().match(/configuration (?:taken over|refused)/g)?.length ?? 0;
  const reloads = () => Promise.all(Array.from({ length: 200 }, () => exporter.get('/-/reload', { method: 'POST' })));

  it('are a few, and each is answered by one that began after it', async () => {
    const before = loads();
    const wrong = thresholdsYaml(100, 'targets:\n  user_growth_target: lots\n');
    await config.write(MOUNTED, wrong);
    expect(new Set((await reloads()).map(({ status }) => status))).toEqual(new Set([500]));
    await config.write(MOUNTED, thresholdsYaml(100));
    expect(new Set((await reloads()).map(({ status }) => status))).toEqual(new Set([200]));
    // Of 400 requests and two changes of the file; four or so, dozens where the machine takes long to send them.
    expect(loads() - before).toBeLessThan(200);
    await expect.poll(inForce, PROMISED).toEqual(rate(100));
  });
});

describe('a changed exporter.yaml', () => {
  const kpi = 'day';

  it('puts another time zone in force: the day, the table and its history', async () => {
    const day = () => exporter.value('portfolio_test_day');
    expect(await day()).toBe(daysSince2000('Etc/GMT+12'));
    await config.write('exporter.yaml', exporterYaml({ timeZone: 'Pacific/Kiritimati' }));
    // 26 hours further east it is always another day.
    await expect.poll(day, PROMISED).toBe(daysSince2000('Pacific/Kiritimati'));
    const recorded = async () =>
      (
        await database.client.query<Record<string, unknown>>(
          `SELECT old_value, new_value FROM portfolio_coordination_config_history WHERE parameter_name = 'time_zone'`,
        )
      ).rows;
    await expect.poll(recorded, PROMISED).toEqual([{ old_value: 'Etc/GMT+12', new_value: 'Pacific/Kiritimati' }]);
    await expect.poll(async () => (await exporter.get('/')).text, SHARED_PAGE).toContain('Pacific/Kiritimati');
  });

  it('puts another schedule and another service level in force', async () => {
    const lag = () => exporter.value('portfolio_kpi_acceptable_lag_seconds', { kpi });
    const alerts = () => exporter.value('portfolio_kpi_lag_alert_enabled', { kpi });
    const runs = async () => (await exporter.value('portfolio_kpi_runs_total', { kpi, result: 'success' })) ?? 0;
    expect([await lag(), await alerts()]).toEqual([300, 0]);
    const before = await runs();
    const text =
      'jitter: 0s\nkpis:\n  day:\n    schedule:\n      every: 1s\n    acceptable_lag: 10s\n    alert_when_late: true\n';
    await config.write('exporter.yaml', exporterYaml({ timeZone: 'Pacific/Kiritimati', text }));
    await expect.poll(async () => [await lag(), await alerts()], PROMISED).toEqual([10, 1]);
    // Every 60 s before; now at once and then every second.
    await expect.poll(runs, { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(before + 3);
  });

  it('takes a disabled KPI off the page, and says which keys wait for a restart', async () => {
    const series = async () =>
      (await exporter.samples()).filter(
        ({ metric, labels }) => metric === 'portfolio_test_day' || labels['kpi'] === kpi,
      );
    const text = 'database:\n  max_connections: 3\nkpis:\n  day:\n    enabled: false\n';
    await config.write('exporter.yaml', exporterYaml({ text }));
    await expect.poll(series, PROMISED).toEqual([]);
    expect(exporter.program.stderr()).toMatch(
      /level=warn .*keys="?\[.*database\.max_connections.*\].* msg="these keys take effect at the next start"/,
    );
    await config.write('exporter.yaml', exporterYaml());
    await expect.poll(() => exporter.value('portfolio_test_day'), PROMISED).toBe(daysSince2000('Etc/GMT+12'));
  });

  it('is refused together with the other file, with the problems of both', async () => {
    await config.write('exporter.yaml', exporterYaml({ text: 'jitter: soon\n' }));
    await config.write(MOUNTED, thresholdsYaml(105, 'alerts:\n  performance_drop_alert: 99%\n'));
    const { status, text } = await exporter.get('/-/reload', { method: 'POST' });
    expect(status).toBe(500);
    expect(text.trimEnd().split('\n')).toEqual([
      'refused, the previous configuration stays in force',
      expect.stringContaining(`${config.file('exporter.yaml')}:3:9: jitter: `),
      expect.stringContaining(`${config.file(MOUNTED)}:6:27: alerts.performance_drop_alert: `),
    ]);
    expect(await inForce()).toEqual(rate(100, { isRefused: true }));
    await config.write('exporter.yaml', exporterYaml());
    await config.write(MOUNTED, thresholdsYaml(110));
    await expect.poll(inForce, PROMISED).toEqual(rate(110));
  });
});

describe('a directory of KPIs', () => {
  const known = () => exporter.value('portfolio_ventures_known');
  const successful = () => exporter.value('portfolio_config_last_reload_successful');

  it('is taken over when files of it come, change and go', async () => {
    await config.write('kpis/ventures_known.yaml', testUnit({ metrics: { portfolio_ventures_known: 'count' } }));
    await expect.poll(successful, PROMISED).toBe(0);
    expect(exporter.program.stderr()).toContain(`${config.file('kpis/ventures_known.sql')}:1:1: is missing`);
    await config.write('kpis/ventures_known.sql', 'SELECT count(*) AS portfolio_ventures_known FROM ventures');
    await expect.poll(known, PROMISED).toBe(1);
    await expect.poll(async () => (await exporter.get('/')).text, SHARED_PAGE).toContain('portfolio_ventures_known');

    await config.write('kpis/ventures_known.sql', 'SELECT count(*) + 1 AS portfolio_ventures_known FROM ventures');
    await expect.poll(known, PROMISED).toBe(2);

    await rm(config.file('kpis/ventures_known.sql'));
    await rm(config.file('kpis/ventures_known.yaml'));
    const series = async () =>
      (await exporter.samples()).filter(
        ({ metric, labels }) => metric === 'portfolio_ventures_known' || labels['kpi'] === 'ventures_known',
      );
    await expect.poll(series, PROMISED).toEqual([]);
  });

  it('is watched from the moment that exporter.yaml names it, although it is refused until it is mended', async () => {
    await config.write('more/ventures_known.yaml', testUnit({ metrics: { portfolio_ventures_known: 'count' } }));
    await config.write('exporter.yaml', exporterYaml().replace('[kpis]', '[kpis, more]'));
    await expect.poll(successful, PROMISED).toBe(0);
    await config.write('more/ventures_known.sql', 'SELECT count(*) AS portfolio_ventures_known FROM ventures');
    await expect.poll(known, PROMISED).toBe(1);
    expect(await successful()).toBe(1);
  });
});

/** Days from 1 January 2000 to today in a time zone. */
function daysSince2000(timeZone: string): number {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format();
  return (Date.parse(today) - Date.parse('2000-01-01')) / 86_400_000;
}
