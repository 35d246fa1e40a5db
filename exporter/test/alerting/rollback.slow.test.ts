import { afterAll, expect, it, vi } from 'vitest';
import { createAlertingDatabase } from '../support/alerting/alertingDatabase.js';
import { startAlertingStack } from '../support/alerting/alertingStack.js';
import { findAlertingBinaries } from '../support/alerting/binaries.js';
import { delivery } from '../support/alerting/deliveries.js';
import { addressOf } from '../support/alerting/startAlertmanager.js';
import { until } from '../support/alerting/until.js';
import { killPrograms } from '../support/childProgram.js';
import { FIRING_MS, RESOLVED_MS } from './scenarios/patience.js';

vi.setConfig({ testTimeout: 30 * 60_000 });
afterAll(killPrograms);

const binaries = findAlertingBinaries();

/** The three scenarios of the procedure, what provokes each in the demo portfolio, and what takes it back. */
const SCENARIOS = [
  {
    says: 'conflicts escalate',
    rows: `UPDATE resource_conflicts SET status = 'ESCALATED' WHERE status <> 'RESOLVED'`,
    undo: `UPDATE resource_conflicts SET status = 'RESOLVED', resolved_at = now() WHERE status = 'ESCALATED'`,
  },
  {
    says: 'an initiative is worth less than it cost',
    rows: `UPDATE synergy_initiatives SET implementation_cost = implementation_cost * 100
            WHERE status = 'ACTIVE' AND launched_at < now() - interval '91 days'`,
    undo: `UPDATE synergy_initiatives SET status = 'TERMINATED'
            WHERE status = 'ACTIVE' AND launched_at < now() - interval '91 days'`,
  },
  {
    says: 'performance degrades',
    rows: `UPDATE venture_metrics SET monthly_revenue = monthly_revenue / 2
            WHERE recorded_at > current_date - 3 AND recorded_at >= date_trunc('month', current_date)`,
    undo: `UPDATE venture_metrics SET monthly_revenue = monthly_revenue * 2
            WHERE recorded_at > current_date - 3 AND recorded_at >= date_trunc('month', current_date)`,
  },
];

it.skipIf(binaries === null)('each rollback scenario goes from rows to the Chairman, and its end too', async () => {
  if (binaries === null) throw new Error('skipped without the programs');
  const database = await createAlertingDatabase();
  const stack = await startAlertingStack({ binaries, environment: database.environment, hurry: 60 });
  const chairman = `PortfolioRollbackCondition mail ${addressOf('Chairman')}`;
  const told = (status: 'FIRING' | 'RESOLVED', says: string): number =>
    stack.messages().filter((message) => delivery(message) === `${status} ${chairman}` && message.text.includes(says))
      .length;
  try {
    const met = async (): Promise<number | undefined> =>
      (await stack.prometheus.query('max(portfolio_rollback_condition)'))[0]?.value;
    await until(async () => (await met()) === 0, FIRING_MS);
    expect(await met()).toBe(0);
    for (const { rows } of SCENARIOS) await database.client.query(rows);
    await until(() => SCENARIOS.every(({ says }) => told('FIRING', says) > 0), FIRING_MS);
    for (const { says } of SCENARIOS) expect(told('FIRING', says), says).toBeGreaterThan(0);
    for (const { undo } of SCENARIOS) await database.client.query(undo);
    await until(async () => (await met()) === 0, FIRING_MS);
    await until(() => SCENARIOS.every(({ says }) => told('RESOLVED', says) > 0), RESOLVED_MS);
    for (const { says } of SCENARIOS) expect(told('RESOLVED', says), says).toBeGreaterThan(0);
  } finally {
    await stack.stop();
    await database.drop();
  }
});
