import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { createAlertingDatabase } from '../../support/alerting/alertingDatabase.js';
import { startAlertingStack } from '../../support/alerting/alertingStack.js';
import type { AlertingBinaries } from '../../support/alerting/binaries.js';
import { expectDeliveries, expectWords } from '../../support/alerting/deliveries.js';
import { addressOf } from '../../support/alerting/startAlertmanager.js';
import { until } from '../../support/alerting/until.js';
import { AN_EVALUATION_MS, FIRING_MS, RESOLVED_MS } from './patience.js';

const ALERTS = [
  'PortfolioPerformanceDataStale',
  'SynergyValueLoggingFailure',
  'InitiativeDashboardUnavailable',
  'ConflictDetectionDown',
];
/** The clock that is late, and the limit. */
const WORDS = {
  PortfolioPerformanceDataStale: [/Portfolio performance: newest rows [\dd hmins]+ old, allowed 1 d/],
  SynergyValueLoggingFailure: [/Synergy value: newest rows 2 h[\d mins]* old, allowed 1 h/],
  InitiativeDashboardUnavailable: [/Initiative status: newest rows 5 h[\d mins]* old, allowed 4 h/],
  ConflictDetectionDown: [/Resource allocations: newest rows 2 h[\d mins]* old, allowed 5 min/],
};
/** One KPI an alert, so that each is told once when it ends; two would end by turns, and the first be told as news. */
const WATCHED = ['synergy_value', 'initiative_status', 'resource_allocation'];
const LEFT_OUT = ['synergy_totals', 'resource_conflicts'];
const LENIENT = 'acceptable_lag: 30d';

/** The shipped service levels of what is watched, or ones that nothing exceeds. */
const exporterYaml = (lag: '' | typeof LENIENT): string => `kpis:
  portfolio_performance: { schedule: { every: 5s }, ${lag} }
  data_quality: { enabled: false }
${WATCHED.map((kpi) => `  ${kpi}: { ${lag} }\n`).join('')}${LEFT_OUT.map((kpi) => `  ${kpi}: { ${LENIENT} }\n`).join('')}`;

/**
 * The four alerts on the service levels: silent writers alone do not fire while exporter.yaml allows their silence, the edited
 * file makes each fire and reach on-call alone. An over-allocation that happens meanwhile is told when the data are fresh.
 */
export async function dataAgeAlerts(binaries: AlertingBinaries): Promise<void> {
  const database = await createAlertingDatabase();
  const stack = await startAlertingStack({
    binaries,
    environment: database.environment,
    config: { 'exporter.yaml': exporterYaml(LENIENT) },
    hurry: 60,
  });
  const silence = (source: string, since: string) =>
    database.client.query('UPDATE source_heartbeats SET seen_at = now() - $2::interval WHERE source = $1', [
      source,
      since,
    ]);
  try {
    for (const alert of ALERTS) await database.provoke(alert);
    await silence('venture_resource_allocations', '2 hours');
    const late = `count(kpi_clock:portfolio_kpi_age_seconds:min{clock="data"} > 3600)`;
    const seen = async (): Promise<number> => (await stack.prometheus.query(late))[0]?.value ?? 0;
    await until(async () => (await seen()) === WATCHED.length + LEFT_OUT.length + 1, FIRING_MS);
    expect(await seen()).toBe(WATCHED.length + LEFT_OUT.length + 1);
    await delay(AN_EVALUATION_MS);
    expect((await stack.prometheus.alerts()).map(({ labels }) => labels['alertname'])).toEqual(['Watchdog']);

    const told = (status: 'FIRING' | 'RESOLVED'): string[] =>
      ALERTS.flatMap((alert) => [
        `${status} ${alert} slack #portfolio-alerts`,
        `${status} ${alert} mail ${addressOf('OnCall')}`,
      ]);
    await stack.config.write('exporter.yaml', exporterYaml(''));
    await expectDeliveries(stack, told('FIRING'), { withinMs: FIRING_MS });
    expectWords(stack, WORDS);

    const from = stack.messages().length;
    await database.provoke('ResourceConflictDetected');
    await delay(AN_EVALUATION_MS);
    expect(stack.messages()).toHaveLength(from);

    for (const alert of ALERTS) await database.undo(alert);
    await silence('venture_resource_allocations', '0 seconds');
    const conflict = [
      'slack #portfolio-alerts',
      ...[addressOf('CoordinationPlanner'), addressOf('Chairman')].map((address) => `mail ${address}`),
    ].map((one) => `FIRING ResourceConflictDetected ${one}`);
    await expectDeliveries(stack, [...told('RESOLVED'), ...conflict], { withinMs: RESOLVED_MS, from });
  } finally {
    await stack.stop();
    await database.drop();
  }
}
