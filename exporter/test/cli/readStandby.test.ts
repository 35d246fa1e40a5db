import { Client } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { migrate } from '../../src/database/migrate.js';
import { createConfigDirectory } from '../support/configDirectory.js';
import { SCHEMA_DIRECTORY } from '../support/migrations.js';
import { runCommand } from '../support/runCommand.js';
import { startStandby } from '../support/standbyServer.js';
import { serveHere } from '../support/startServe.js';
import type { ServedExporter } from '../support/startServe.js';
import { startTestServer } from '../support/testServer.js';
import { testUnit } from '../support/testUnit.js';

const LAG = 'portfolio_database_replay_lag_seconds';
const eventually = (holds: () => Promise<void>): Promise<void> =>
  vi.waitFor(holds, { timeout: 120_000, interval: 200 });

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

it(
  'KPIs read on a standby: its lag is part of their age, and what becomes of it is told, or the primary read where that is wanted',
  { timeout: 600_000 },
  async () => {
    const primary = await startTestServer();
    onTestFinished(() => primary.stop());
    await migrate({
      config: { connectionString: primary.url },
      directory: SCHEMA_DIRECTORY,
      log: { info: () => undefined, warn: () => undefined },
    });
    const standby = await startStandby(primary, true);
    let isStopped = false;
    const stopStandby = async (): Promise<void> => {
      if (!isStopped) await standby.stop();
      isStopped = true;
    };
    onTestFinished(stopStandby);
    const config = await createConfigDirectory({
      'exporter.yaml': 'shipped_kpis: false\nkpi_directories: [kpis]\njitter: 0s\nretry: {attempts: 1}\n',
      'kpis/count.yaml': testUnit({
        metrics: { portfolio_ventures: 'count' },
        every: '1s',
      }),
      'kpis/count.sql': 'SELECT count(*) AS portfolio_ventures FROM ventures',
    });
    onTestFinished(() => config.remove());
    const at = (url: string): string => new URL(url).host;
    const env = (hosts: readonly string[], wish: string) => ({
      DATABASE_URL: primary.url,
      // User, password and database are those of DATABASE_URL.
      DATABASE_READ_URL: `postgresql://${hosts.join(',')}/?target_session_attrs=${wish}`,
    });
    const start = async (hosts: readonly string[], wish: string): Promise<ServedExporter> => {
      const exporter = await serveHere({ env: env(hosts, wish), args: config.args });
      onTestFinished(async () => {
        await exporter.stop();
      });
      return exporter;
    };
    const strict = await start([at(standby.url)], 'standby');
    const lenient = await start([at(standby.url), at(primary.url)], 'prefer-standby');
    const both = [strict, lenient];
    const reason = async (): Promise<string> => {
      const { text } = await strict.get('/readyz', { headers: { Accept: 'text/plain' } });
      return text;
    };
    for (const exporter of both) {
      await exporter.ready(120_000);
      expect(await exporter.value('portfolio_ventures')).toBe(0);
      expect(await exporter.value(LAG, { server: 'standby' })).toBeTypeOf('number');
    }
    const checked = await runCommand(['check', ...config.args], { env: env([at(standby.url)], 'standby') });
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('leads to a standby') as string });

    // Replay is held: the number stays, and grows old.
    const [onPrimary, onStandby] = [await connected(primary.url), await connected(standby.url)];
    onTestFinished(() => onPrimary.end());
    onTestFinished(() => onStandby.end().catch(() => undefined));
    await onStandby.query('SELECT pg_wal_replay_pause()');
    await onPrimary.query(
      `INSERT INTO ventures (name, lead_name, lead_email) VALUES ('Vela', 'Ada', 'ada@example.test')`,
    );
    await eventually(async () => {
      const samples = await strict.samples();
      const of = (metric: string): number => samples.find((one) => one.metric === metric)?.value ?? Number.NaN;
      expect(of(LAG)).toBeGreaterThan(3);
      expect(of('portfolio_ventures')).toBe(0);
      expect(
        of('portfolio_kpi_last_success_timestamp_seconds') - of('portfolio_kpi_data_timestamp_seconds'),
      ).toBeGreaterThan(3);
      expect(of('portfolio_database_up')).toBe(1);
    });
    await onStandby.query('SELECT pg_wal_replay_resume()');
    await eventually(async () => {
      expect(await strict.value('portfolio_ventures')).toBe(1);
      expect(await strict.value(LAG)).toBe(0);
    });

    // Fail-over: it is a primary now.
    await onStandby.query('SELECT pg_promote()');
    await eventually(async () => {
      expect(await reason()).toMatch(/count.*DATABASE_READ_URL: .* standby \(target_session_attrs\)/);
      expect(await lenient.value(LAG, { server: 'primary' })).toBe(0);
    });
    const refused = await runCommand(['check', ...config.args], { env: env([at(standby.url)], 'standby') });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('DATABASE_READ_URL: a server is not standby (target_session_attrs)') as string,
    });

    // It is gone: who prefers a standby reads on from the primary, who asks for one fails by name.
    await stopStandby();
    await onPrimary.query(
      `INSERT INTO ventures (name, lead_name, lead_email) VALUES ('Mira', 'Bob', 'bob@example.test')`,
    );
    await eventually(async () => {
      expect(await reason()).toMatch(/count.*DATABASE_READ_URL: (?!.*target_session_attrs)/);
      expect(await lenient.value('portfolio_ventures')).toBe(2);
    });
    expect(await strict.value('portfolio_ventures')).toBe(1);
    expect(await strict.value('portfolio_database_up')).toBe(1);
  },
);
