import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startAlertingStack } from '../test/support/alerting/alertingStack.js';
import type { AlertingBinaries } from '../test/support/alerting/binaries.js';
import { quieten } from '../test/support/alerting/demoLines.js';
import type { Prometheus } from '../test/support/alerting/startPrometheus.js';
import { until } from '../test/support/alerting/until.js';
import { loadDemoPortfolio } from '../test/support/demoPortfolio.js';
import { startBenchServer } from './benchDatabase.js';

const GIVE_UP_MS = 120_000;
/** Every phase of the scrape and of the evaluation (5 s each) is equally likely. */
const PHASE_MS = 5_000;

/** Seconds from sending the INSERT that over-allocates a resource to the end of the request at Slack, one for each. */
export async function conflictToSlack(binaries: AlertingBinaries, conflicts: number): Promise<number[]> {
  const server = await startBenchServer();
  try {
    const database = await server.createDatabase('bench_alerts');
    const { client } = database;
    await loadDemoPortfolio(database);
    await quieten(client);
    const stack = await startAlertingStack({ binaries, environment: { DATABASE_URL: database.exporterUrl } });
    try {
      await untilEvaluated(stack.prometheus);
      const times: number[] = [];
      for (let n = 0; n < conflicts; n += 1) {
        await delay(1_100 + Math.random() * PHASE_MS);
        const name = `Bench ${randomUUID()}`;
        const started = Date.now();
        await client.query(
          `INSERT INTO venture_resource_allocations (resource_id, resource_name, resource_type, venture_id, allocation_percentage)
           SELECT $1, $2, 'people', id, 120 FROM ventures WHERE status::text = 'active' ORDER BY id LIMIT 1`,
          [randomUUID(), name],
        );
        times.push(((await arrival(name)) - started) / 1000);
        await client.query('DELETE FROM venture_resource_allocations WHERE resource_name = $1', [name]);
      }
      return times;

      async function arrival(resource: string): Promise<number> {
        const told = () => stack.messages().find(({ channel, text }) => channel === 'slack' && text.includes(resource));
        await until(() => told() !== undefined, GIVE_UP_MS);
        const message = told();
        if (message !== undefined) return message.at;
        throw new Error(`no Slack request about ${resource} within ${GIVE_UP_MS / 1000} s`);
      }
    } finally {
      await stack.stop();
      await database.close();
    }
  } finally {
    await server.stop();
  }
}

/** A conflict is measured from a system at rest, not from its start. */
async function untilEvaluated(prometheus: Prometheus): Promise<void> {
  const fresh = async (): Promise<boolean> =>
    (await prometheus.query('kpi:portfolio_kpi_fresh:bool{kpi="resource_allocation"} == 1')).length > 0;
  await until(fresh, GIVE_UP_MS);
  if (!(await fresh())) throw new Error('the rules were not evaluated');
}
