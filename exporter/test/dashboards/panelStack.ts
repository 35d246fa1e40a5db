import type { Client } from 'pg';
import { fillDemoHistory } from '../../demo/fillDemoHistory.js';
import { startHeart } from '../../demo/startHeart.js';
import { startAlertingStack } from '../support/alerting/alertingStack.js';
import type { AlertingBinaries } from '../support/alerting/binaries.js';
import type { Prometheus } from '../support/alerting/startPrometheus.js';
import { until } from '../support/alerting/until.js';
import { createDatabase } from '../support/database.js';
import { createExporterLogin } from '../support/exporterLogin.js';
import { parseMetrics } from '../support/metricsText.js';
import type { TextSample } from '../support/metricsText.js';
import { shippedConfiguration } from '../support/shippedConfiguration.js';

/** What the dashboards read, all of it real: the demo portfolio, two exporters, the actions process, Prometheus with the shipped rules. */
export interface PanelStack {
  /** Connected as the superuser. */
  readonly client: Client;
  readonly prometheus: Prometheus;
  /** /metrics of the first exporter. */
  metrics(): Promise<TextSample[]>;
  stop(): Promise<void>;
}

/** The last of all rules: of a group of one minute whose rules read each other, and of those about the exporter. */
const LAST = 'portfolio:sla_compliance:ratio_30d and on () ALERTS{alertname="Watchdog", alertstate="firing"}';

/** Ready when every rule was evaluated, which takes more than a minute. */
export async function startPanelStack(binaries: AlertingBinaries): Promise<PanelStack> {
  const database = await createDatabase({ template: 'demo' });
  await fillDemoHistory(database.url, await shippedConfiguration());
  const login = await createExporterLogin(database);
  const actionsLogin = await createExporterLogin(database, 'portfolio_actions');
  const heart = startHeart(database.url, () => undefined);
  const stack = await startAlertingStack({
    binaries,
    environment: { DATABASE_URL: login.url },
    actions: { DATABASE_URL: actionsLogin.url },
  });
  const { prometheus, exporters } = stack;
  await until(async () => (await prometheus.query(LAST)).length > 0, 150_000);
  return {
    client: database.client,
    prometheus,
    async metrics() {
      const response = await fetch(`http://${exporters[0]?.address ?? ''}/metrics`);
      return parseMetrics(await response.text());
    },
    async stop() {
      await stack.stop();
      await heart.stop();
      await login.drop();
      await actionsLogin.drop();
      await database.drop();
    },
  };
}
