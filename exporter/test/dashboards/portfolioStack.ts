import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertingBinaries } from '../support/alerting/binaries.js';
import { startPrometheus } from '../support/alerting/startPrometheus.js';
import type { Prometheus } from '../support/alerting/startPrometheus.js';
import { until } from '../support/alerting/until.js';
import { createConfigDirectory } from '../support/configDirectory.js';
import { createDatabase } from '../support/database.js';
import { loadDemoPortfolio } from '../support/demoPortfolio.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { startServe } from '../support/startServe.js';

/** Two portfolios with other rows and other thresholds: each in a Prometheus of its own, and both in one. */
export interface PortfolioStack {
  /** By the label `portfolio` that it has in `joint`; here it has none. */
  readonly alone: ReadonlyMap<string, Prometheus>;
  readonly joint: Prometheus;
  stop(): Promise<void>;
}

/** What makes the second portfolio another one. */
const OTHER_ROWS = `
  UPDATE venture_metrics SET monthly_revenue = 0.8 * monthly_revenue, user_count = user_count / 2 WHERE recorded_at > now() - interval '60 days';
  UPDATE value_capture_log SET value_amount = value_amount / 2;
  UPDATE venture_resource_usage SET hours_spent = hours_spent / 2 WHERE recorded_at > now() - interval '30 days';
  UPDATE synergy_opportunities SET status = 'REJECTED' WHERE status = 'PLANNED';
  DELETE FROM resource_conflicts WHERE status = 'ESCALATED';
  UPDATE ventures SET status = 'terminated' WHERE id = (SELECT max(id::text)::uuid FROM ventures);`;
const otherThresholds = (text: string): string =>
  text.replaceAll(/\b(\d+)(%|h|d)$/gm, (_, number: string, unit: string) => `${Number(number) + 1}${unit}`);

/** Recorded last of all rules: those of a group of one minute that read each other. */
const LAST_RECORDED = 'portfolio:sla_compliance:ratio_30d';

export async function startPortfolioStack(binaries: AlertingBinaries): Promise<PortfolioStack> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of undo.splice(0).toReversed()) await one();
  };
  const prometheus = async (exporters: readonly string[], portfolios: Record<string, string>): Promise<Prometheus> => {
    const directory = await mkdtemp(join(tmpdir(), 'portfolio-several-'));
    undo.push(() => rm(directory, { recursive: true, force: true }));
    const targets = { 'portfolio-exporter': exporters, alertmanager: [], grafana: [] };
    const started = await startPrometheus({
      binary: binaries.prometheus,
      directory,
      targets,
      alertmanagers: [],
      portfolios,
    });
    undo.push(() => started.stop());
    return started;
  };
  const exporter = async (rows: string, change: (thresholds: string) => string): Promise<string> => {
    const database = await createDatabase();
    undo.push(() => database.drop());
    await loadDemoPortfolio(database);
    await database.client.query(rows);
    const login = await createExporterLogin(database);
    undo.push(() => login.drop());
    const config = await createConfigDirectory();
    undo.push(() => config.remove());
    await config.write('thresholds.yaml', change(await readFile(config.file('thresholds.yaml'), 'utf8')));
    const served = await startServe({ env: { DATABASE_URL: login.url }, args: config.args });
    undo.push(() => served.stop());
    await served.ready(60_000);
    return new URL(served.url).host;
  };
  try {
    const targets = { acme: await exporter('', (text) => text), beta: await exporter(OTHER_ROWS, otherThresholds) };
    const labels = Object.fromEntries(Object.entries(targets).map(([name, target]) => [target, name]));
    const joint = await prometheus([], labels);
    const alone = new Map<string, Prometheus>();
    for (const [name, target] of Object.entries(targets)) alone.set(name, await prometheus([target], {}));
    for (const one of [joint, ...alone.values()])
      await until(async () => (await one.query(LAST_RECORDED)).length > 0, 150_000);
    return { alone, joint, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
