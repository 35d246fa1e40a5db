import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { createAlertingDatabase } from '../../support/alerting/alertingDatabase.js';
import { ownerOf } from '../../support/alerting/demoLines.js';
import { startAlertingStack } from '../../support/alerting/alertingStack.js';
import type { AlertingBinaries } from '../../support/alerting/binaries.js';
import { expectDeliveries, expectWords } from '../../support/alerting/deliveries.js';
import { addressOf } from '../../support/alerting/startAlertmanager.js';
import { until } from '../../support/alerting/until.js';
import { AN_EVALUATION_MS, FIRING_MS, RESOLVED_MS } from './patience.js';

const EXPORTER = `kpis:
  portfolio_performance: { schedule: { every: 5s } }
  kpi_breaches: { schedule: { every: 5s } }
  data_quality: { enabled: false }
  rollback: { enabled: false }
`;
/** Every limit beyond what the rows below reach. */
const LENIENT = `alerts:
  performance_drop_alert: 50%
  delayed_milestone_alert: 14d
  over_allocation_tolerance: 10%
  synergy_capture_rate_alert_months: 12
  coordination_overhead_alert_months: 12
`;
const ALERTS = [
  'PortfolioPerformanceDegradation',
  'SynergyInitiativeDelayed',
  'ResourceConflictDetected',
  'SynergyCaptureRateBelowTarget',
  'CoordinationOverheadExceedsThreshold',
];
/** Of whom or what, the value and the limit with their units. */
const WORDS = {
  PortfolioPerformanceDegradation: [/\brevenue\b/, /-1\d(\.\d+)?%/, /-10%/],
  SynergyInitiativeDelayed: [/Dashboards for three ventures/, /\b6 d( \d+ h)?\b/, /\b3 d\b/, /Chloe Martin/],
  ResourceConflictDetected: [/Design studio/, /\b105%/, /\b100%/],
  SynergyCaptureRateBelowTarget: [/\b\d+ months below the limit\b/, /\b2 months below 20%/],
  CoordinationOverheadExceedsThreshold: [/\b1 month above the limit\b/, /\b1 month above 15%/],
};
/** Past the shipped limits, as Prometheus sees it; `max` because there are two exporters. */
const BEYOND = `count(
     max(portfolio_revenue_month_change_ratio) < -0.1
  or max by (milestone) (portfolio_milestone_overdue_seconds) > 3 * 86400
  or max by (resource) (portfolio_resource_allocation_ratio) > 1
  or max by (kpi) (portfolio_kpi_breach_months{kpi="synergy_capture_rate"}) >= 2
  or max by (kpi) (portfolio_kpi_breach_months{kpi="coordination_overhead"}) >= 1
)`;

/**
 * The five alerts, with two exporters: rows alone do not fire while thresholds.yaml allows them, the edited file makes each
 * fire and reach its recipients, the rows undone make each end. Meanwhile Grafana stops answering.
 */
export async function businessAlerts(binaries: AlertingBinaries): Promise<void> {
  const database = await createAlertingDatabase();
  const stack = await startAlertingStack({
    binaries,
    environment: database.environment,
    config: { 'exporter.yaml': EXPORTER, 'thresholds.yaml': LENIENT },
    hurry: 60,
  });
  try {
    for (const alert of ALERTS) await database.provoke(alert);
    const seen = async (): Promise<number> => (await stack.prometheus.query(BEYOND))[0]?.value ?? 0;
    await until(async () => (await seen()) === ALERTS.length, FIRING_MS);
    expect(await seen()).toBe(ALERTS.length);
    await delay(AN_EVALUATION_MS);
    expect((await stack.prometheus.alerts()).map(({ labels }) => labels['alertname'])).toEqual(['Watchdog']);
    expect(stack.messages()).toEqual([]);

    const owner = await ownerOf(database.client, 'Dashboards for three ventures');
    const told = (status: 'FIRING' | 'RESOLVED'): string[] =>
      [
        'PortfolioPerformanceDegradation slack #portfolio-alerts',
        `PortfolioPerformanceDegradation mail ${addressOf('Chairman')}`,
        `PortfolioPerformanceDegradation mail ${addressOf('PortfolioOptimizationAdvisor')}`,
        `SynergyInitiativeDelayed mail ${owner}`,
        `SynergyInitiativeDelayed mail ${addressOf('SynergyExecutionManager')}`,
        `SynergyInitiativeDelayed mail ${addressOf('Chairman')}`,
        'ResourceConflictDetected slack #portfolio-alerts',
        `ResourceConflictDetected mail ${addressOf('CoordinationPlanner')}`,
        `ResourceConflictDetected mail ${addressOf('Chairman')}`,
        `SynergyCaptureRateBelowTarget mail ${addressOf('PortfolioAnalyst')}`,
        `SynergyCaptureRateBelowTarget mail ${addressOf('Chairman')}`,
        `CoordinationOverheadExceedsThreshold mail ${addressOf('Chairman')}`,
        `CoordinationOverheadExceedsThreshold mail ${addressOf('CoordinationPlanner')}`,
      ].map((one) => `${status} ${one}`);
    await stack.config.write('thresholds.yaml', '{}\n');
    await expectDeliveries(stack, told('FIRING'), { withinMs: FIRING_MS });
    expectWords(stack, WORDS);

    const from = stack.messages().length;
    await stack.grafana.stop();
    for (const alert of ALERTS) await database.undo(alert);
    const grafana = ['slack #portfolio-alerts', `mail ${addressOf('OnCall')}`];
    await expectDeliveries(
      stack,
      [...told('RESOLVED'), ...grafana.map((one) => `FIRING InitiativeDashboardUnavailable ${one}`)],
      { withinMs: RESOLVED_MS, from },
    );
  } finally {
    await stack.stop();
    await database.drop();
  }
}
