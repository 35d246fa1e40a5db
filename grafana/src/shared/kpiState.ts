/** 1 within the service level, 0 beyond it, by kpi; while no exporter answers, what the recorded service level says (0). */
export const FRESH = 'max by (kpi) (kpi:portfolio_kpi_fresh:bool or kpi:portfolio_sla_met:bool)';

/** 1 if on-call is told when the KPI is late, 0 if that is only recorded, by kpi. */
export const ALERTS_WHEN_LATE = 'max by (kpi) (portfolio_kpi_lag_alert_enabled)';

const ATTEMPT = 'portfolio_kpi_last_attempt_timestamp_seconds';
const SUCCESS = 'portfolio_kpi_last_success_timestamp_seconds';

/** 1 if the newest run failed on any exporter, 0 if not, by kpi; the alert PortfolioKpiFailing waits ten minutes more. */
export const FAILING = `max by (kpi) (${ATTEMPT} > bool ${SUCCESS} or ${ATTEMPT} ^ 0 unless ${SUCCESS})`;
