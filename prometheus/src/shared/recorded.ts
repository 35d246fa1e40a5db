/** The labels of each recorded metric; prometheus/src/recorded says how it is computed. */
export const RECORDED = {
  'instance_kpi:portfolio_kpi_computed_timestamp_seconds:seen': ['job', 'instance', 'kpi'],
  'instance_kpi:portfolio_kpi_last_success_timestamp_seconds:known': ['job', 'instance', 'kpi'],
  'instance_kpi:portfolio_kpi_newest:bool': ['job', 'instance', 'kpi'],
  'kpi:portfolio_kpi_computed_timestamp_seconds:max': ['kpi'],
  'kpi_clock:portfolio_kpi_age_seconds:min': ['kpi', 'clock'],
  'kpi:portfolio_kpi_age_seconds:max': ['kpi'],
  'kpi:portfolio_kpi_fresh:bool': ['kpi'],
  'kpi:portfolio_kpi_late:bool': ['kpi'],
  'kpi:portfolio_sla_met:bool': ['kpi'],
  'portfolio:sla_compliance:ratio_30d': ['kpi'],
  'portfolio:sla_observed:ratio_30d': ['kpi'],
  'portfolio:kpi_target_achieved:ratio': ['kpi', 'metric', 'direction'],
  'portfolio:alert_limit': ['alertname', 'kpi'],
  'portfolio:alert_breach': ['alertname', 'kpi'],
  'portfolio:alert_held': ['alertname', 'kpi'],
  'portfolio:alert_about': ['alertname', 'kpi'],
} as const;

export type RecordedName = keyof typeof RECORDED;
