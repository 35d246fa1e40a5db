import type { KpiStatus, MetricStatus, StatusModel, ThresholdStatus } from '../../src/http/page/statusModel.js';

export const NOW = new Date('2026-03-08T14:05:09Z');
export const HOSTILE_NAME = `"><script>document.title='owned';alert(1)</script>\n\u202Egnp.exe \\ <img src=x onerror=alert(1)>`;
export const LONG_NAME = 'Very-long-unbroken-name-'.repeat(430);

/** A moment so many seconds before NOW; negative for one ahead. */
export function ago(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

export function metric(name: string, value: number | null, more: Partial<MetricStatus> = {}): MetricStatus {
  const samples = value === null ? [] : [{ labels: {}, value }];
  const rest = { unit: 'ratio', shownAs: null, history: false, labels: [], target: null } as const;
  return { name, help: `Help of ${name}.`, ...rest, samples, ...more };
}

/** Succeeded 2 minutes ago, daily rows, nothing wrong. */
export function kpi(name: string, more: Partial<KpiStatus> = {}): KpiStatus {
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
  return {
    name,
    title,
    description: `What ${title.toLowerCase()} tells about the portfolio, in one plain sentence.`,
    owner: 'PortfolioOptimizationAdvisor',
    schedule: '5 * * * *',
    acceptableLagSeconds: 86_400,
    alertWhenLate: true,
    lastSuccess: ago(125),
    lastAttempt: ago(125),
    dataTimestamp: null,
    warnings: [],
    lastError: null,
    notRecorded: null,
    running: false,
    nextRun: ago(-3291),
    seriesCount: 1,
    past: { value: null, readAt: null, problem: null },
    runs: [],
    freshness: null,
    sql: { file: `/srv/kpis/${name}.sql`, text: 'SELECT 1' },
    parameters: [],
    thresholds: [],
    metrics: [metric(`portfolio_${name}_ratio`, 0.3125)],
    ...more,
  };
}

export function status(more: Partial<StatusModel> = {}): StatusModel {
  return {
    version: '0.1.0',
    share: null,
    now: NOW,
    startedAt: ago(93_784),
    timeZone: 'UTC',
    database: { up: true, reason: null, since: ago(93_700), schemaProblem: null, standby: false },
    config: { lastReloadSuccessful: true, lastReloadAt: ago(93_784), problems: [], notRecorded: null },
    changesNotHeard: null,
    kpis: [kpi('portfolio_performance')],
    thresholds: [threshold('hourly_rate', 75, { unit: 'dollars', category: 'venture_assessment' })],
    thresholdChanges: { value: [], readAt: NOW, problem: null },
    grafanaUrl: 'http://grafana.example.test:3000',
    runbookUrl: null,
    ...more,
  };
}

export function threshold(name: string, value: number, more: Partial<ThresholdStatus> = {}): ThresholdStatus {
  const description = 'What this number is compared with, and by whom.';
  return { name, value, unit: 'ratio', category: 'targets', description, isDefault: true, ...more };
}

/** Ninety days with two gaps. */
function revenuePast(): KpiStatus['past'] {
  const days = Array.from({ length: 90 }, (_, index) => ({
    day: new Date(Date.parse('2025-12-09') + index * 86_400_000).toISOString().slice(0, 10),
    least: 0.2 + Math.sin(index / 9) / 8,
    greatest: 0.2 + Math.sin(index / 9) / 8,
    series: 1,
  })).filter((_, index) => index < 20 || index === 30 || index > 40);
  return {
    value: { today: '2026-03-08', days: new Map([['portfolio_revenue_improvement_ratio', days]]) },
    readAt: ago(30),
    problem: null,
  };
}

/** A portfolio with every state a KPI can have, hostile rows and a thousand series. */
export function eventfulStatus(): StatusModel {
  const initiatives = ['Shared sign-on', 'Joint billing', HOSTILE_NAME, LONG_NAME, 'One design system'];
  const byInitiative = (unit: MetricStatus['unit'], values: readonly number[]): Partial<MetricStatus> => ({
    unit,
    labels: ['initiative_id', 'initiative'],
    samples: values.map((value, index) => ({
      labels: {
        initiative_id: `00000000-0000-4000-8000-00000000000${String(index)}`,
        initiative: initiatives[index] ?? '',
      },
      value,
    })),
  });
  return status({
    database: { up: true, reason: null, since: ago(93_700), schemaProblem: null, standby: false },
    config: {
      lastReloadSuccessful: false,
      lastReloadAt: ago(640),
      problems: [
        'exporter/config/thresholds.yaml:12:3: targets.synergy_capture_rate_target: 300% is above the range 0% - 100%',
      ],
      notRecorded: null,
    },
    kpis: [
      kpi('portfolio_performance', {
        description: 'Revenue, burn, profit and users of all ventures, and how they moved since coordination began.',
        dataTimestamp: ago(-35_691),
        seriesCount: 15,
        past: revenuePast(),
        thresholds: ['portfolio_revenue_improvement_target'],
        runs: [
          { at: ago(125), seconds: 0.02, waitSeconds: 0, attempts: 1, result: 'success', message: null },
          { at: ago(3_725), seconds: 30, waitSeconds: 9, attempts: 3, result: 'timeout', message: LONG_NAME },
        ],
        metrics: [
          metric('portfolio_revenue_dollars', 1_254_300, {
            unit: 'dollars',
            help: 'Sum of monthly revenue over all ventures.',
          }),
          metric('portfolio_burn_dollars', 842_150.5, { unit: 'dollars' }),
          metric('portfolio_profit_dollars', 412_149.5, { unit: 'dollars' }),
          metric('portfolio_users_average', 18_204.25, { unit: 'count' }),
          metric('portfolio_revenue_improvement_ratio', 0.3125, {
            history: true,
            target: { value: 0.2, direction: 'at_least', thresholdName: 'portfolio_revenue_improvement_target' },
          }),
          metric('portfolio_user_growth_ratio', 0.149_999, {
            target: { value: 0.15, direction: 'at_least', thresholdName: 'user_growth_target' },
          }),
          metric('portfolio_profit_improvement_ratio', null, {
            target: { value: 0.25, direction: 'at_least', thresholdName: 'profit_improvement_target' },
          }),
          metric('portfolio_active_ventures', 8, { unit: 'count' }),
        ],
      }),
      kpi('synergy_value', {
        schedule: 'every 30 s and on change of value_capture_log, synergy_initiatives',
        owner: 'SynergyExecutionManager',
        acceptableLagSeconds: 3600,
        lastSuccess: ago(12),
        dataTimestamp: ago(5400),
        running: true,
        seriesCount: 25,
        metrics: [
          metric('portfolio_synergy_cost_saved_dollars', null, byInitiative('dollars', [120_000, 4500.5, 300, 0, 99])),
          metric('portfolio_synergy_revenue_generated_dollars', null, byInitiative('dollars', [0, 12_000, 1, 2, 3])),
          metric('portfolio_synergy_time_saved_seconds', null, byInitiative('seconds', [504_000, 90, 3600])),
          metric('portfolio_synergy_roi_ratio', null, {
            ...byInitiative('ratio', [4.1, 2.9, 0.000_01, 3, 12]),
            target: { value: 3, direction: 'at_least', thresholdName: 'synergy_roi_target' },
          }),
        ],
      }),
      kpi('resource_efficiency', {
        alertWhenLate: false,
        lastSuccess: ago(273_600),
        lastAttempt: ago(60),
        lastError: {
          at: ago(60),
          result: 'timeout',
          message: 'canceling statement due to statement timeout (10 s)\nwhile reading venture_resource_usage',
        },
        metrics: [
          metric('portfolio_duplicate_effort_reduction_ratio', 0.3, {
            target: { value: 0.3, direction: 'at_least', thresholdName: 'resource_efficiency_improvement_target' },
          }),
          metric('portfolio_duplicate_effort_seconds', 504_000, { unit: 'seconds' }),
        ],
      }),
      kpi('resource_conflicts', {
        acceptableLagSeconds: 300,
        lastSuccess: ago(4),
        lastError: { at: ago(7200), result: 'connection', message: 'Connection terminated unexpectedly' },
        metrics: [
          metric('portfolio_conflict_resolution_average_seconds', 190_800, {
            unit: 'seconds',
            target: { value: 172_800, direction: 'at_most', thresholdName: 'conflict_resolution_time_target' },
          }),
          metric('portfolio_conflicts', null, {
            unit: 'count',
            labels: ['status'],
            samples: ['DETECTED', 'IN_PROGRESS', 'RESOLVED', 'ESCALATED'].map((state, index) => ({
              labels: { status: state },
              value: index,
            })),
          }),
        ],
      }),
      kpi('coordination_overhead', {
        metrics: [
          metric('portfolio_coordination_overhead_ratio', 0.08, {
            target: { value: 0.1, direction: 'at_most', thresholdName: 'coordination_overhead_target' },
          }),
        ],
      }),
      kpi('stage_gates', {
        lastSuccess: null,
        lastAttempt: ago(9),
        seriesCount: 0,
        lastError: { at: ago(9), result: 'error', message: 'relation "portfolio_coordination_plans" does not exist' },
        metrics: [metric('portfolio_gate_passed', null, { unit: 'count', labels: ['gate', 'criterion'] })],
      }),
      kpi('data_quality', {
        lastSuccess: null,
        lastAttempt: null,
        seriesCount: 0,
        nextRun: null,
        running: true,
        metrics: [metric('portfolio_data_quality_violations', null, { unit: 'count', labels: ['check'] })],
      }),
      kpi('resource_allocation', {
        title: HOSTILE_NAME,
        description: LONG_NAME,
        owner: LONG_NAME,
        seriesCount: 1000,
        metrics: [
          metric('portfolio_resource_allocation_ratio', null, {
            labels: ['resource_id', 'resource', 'resource_type', 'venture_leads'],
            samples: Array.from({ length: 1000 }, (_, index) => ({
              labels: {
                resource_id: String(index),
                resource: `Resource ${String(index)}`,
                resource_type: 'people',
                venture_leads: 'ada@example.test, grace@example.test',
              },
              value: index / 1000,
            })),
          }),
        ],
      }),
    ],
    thresholds: [
      threshold('portfolio_revenue_improvement_target', 0.2),
      threshold('synergy_value_per_venture_pair_target', 50_000, { unit: 'dollars', isDefault: false }),
      threshold('conflict_resolution_time_target', 172_800, { unit: 'seconds' }),
      threshold('delayed_milestone_alert', 259_200, { unit: 'seconds', category: 'alerts' }),
      threshold('high_priority_score', 4, { unit: 'score', category: 'venture_assessment' }),
      threshold('min_active_ventures', 2, { unit: 'count', category: 'gates' }),
    ],
  });
}
