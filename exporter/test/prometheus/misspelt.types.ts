// Compiled by `npm run typecheck`, never run: each line below is a mistake that must not compile.
import { numberAlert } from '../../../prometheus/src/shared/numberAlert.js';
import { max, where } from '../../../prometheus/src/shared/promql.js';
import { fresh, metric, newest, threshold } from '../../../prometheus/src/shared/selectors.js';

// @ts-expect-error misspelt: a metric
newest('portfolio_resource_alocation_ratio');
// @ts-expect-error misspelt: a metric of the exporter about itself
metric('portfolio_database_upp');
// @ts-expect-error misspelt: a label to keep
newest('portfolio_resource_allocation_ratio', { by: ['resource_idd'] });
// @ts-expect-error misspelt: a label to select by
metric('portfolio_conflict_open_seconds', { state: 'ESCALATED' });
// @ts-expect-error misspelt: a label to aggregate by
max(metric('portfolio_kpi_acceptable_lag_seconds'), 'kpis');
// @ts-expect-error misspelt: a KPI
fresh('resource_alocation');
// @ts-expect-error misspelt: a KPI as the value of a label
metric('kpi:portfolio_kpi_late:bool', { kpi: 'resource_alocation' });
// @ts-expect-error misspelt: a threshold
threshold('urgent_conflict_treshold');
// @ts-expect-error misspelt: a job
metric('up', { job: 'portfolio-exporters' });

const alert = {
  name: 'Example',
  class: 'kpi',
  severity: 'high',
  kpi: 'resource_allocation',
  unit: 'percent',
  when: '',
  limit: threshold('conflict_over_allocation_threshold'),
  dashboard: 'resource-efficiency',
  notify: { recipients: ['Chairman'], slack: 'never' },
} as const;
const texts = () => ({ summary: '', description: '', nextStep: '' });

numberAlert({
  ...alert,
  breach: (limit) => where(newest('portfolio_resource_allocation_ratio'), '>', limit),
  // @ts-expect-error misspelt: a label in a text
  texts: ({ label }) => ({ summary: label('resources'), description: '', nextStep: '' }),
});
numberAlert({
  ...alert,
  breach: (limit) => where(newest('portfolio_resource_allocation_ratio'), '>', limit),
  texts,
  // @ts-expect-error misspelt: a label to group messages by
  notify: { ...alert.notify, groupBy: ['resources'] },
});
// @ts-expect-error misspelt: a recipient
numberAlert({ ...alert, breach: (limit) => limit, texts, notify: { recipients: ['Chairwoman'], slack: 'never' } });
// @ts-expect-error misspelt: a dashboard
numberAlert({ ...alert, breach: (limit) => limit, texts, dashboard: 'resource-efficency' });
