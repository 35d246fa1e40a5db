import type { DashboardCatalogue } from './dashboardCatalogue.js';

/** What sampleDashboard.ts may name. */
export const SAMPLE_CATALOGUE: DashboardCatalogue = {
  metrics: new Map([
    ['sample_usage_ratio', new Set(['kpi', 'job', 'instance'])],
    ['sample_runs_total', new Set(['kpi', 'result', 'job', 'instance'])],
    ['portfolio_threshold', new Set(['name', 'job', 'instance'])],
  ]),
  labels: new Set(['kpi', 'result', 'name', 'job', 'instance']),
  kpis: new Set(['sample', 'other']),
  thresholds: new Set(['sample_target']),
  relations: new Set(['reporting.sample_months', 'reporting.sample_texts', 'reporting.sample_log']),
  links: new Set(['evidence']),
};
