import { and, or, unless, where } from '../shared/promql.js';
import { record } from '../shared/rule.js';
import { exporterUp, portfolioKnown, metric } from '../shared/selectors.js';

const held = metric('portfolio:alert_held');
const lag = metric('portfolio_kpi_acceptable_lag_seconds');
const fresh = where(metric('kpi:portfolio_kpi_fresh:bool'), '==', 1);

/**
 * While the KPI is within its service level, of the exporter that computed it last of all: one that outlives it, without its
 * database or with tries that fail, shows what was before.
 */
const seen = and(
  where(
    metric('instance_kpi:portfolio_kpi_computed_timestamp_seconds:seen'),
    '==',
    metric('kpi:portfolio_kpi_computed_timestamp_seconds:max'),
  ),
  fresh,
  ['kpi'],
);

/**
 * The breaches, each carried on with its last number while nobody can tell: the KPI is too old, its exporter is gone, or the
 * limit is. A KPI that a running exporter no longer has is gone, and its alerts with it.
 */
export const HELD = record(
  'portfolio:alert_held',
  or(
    or(
      metric('portfolio:alert_breach'),
      unless(and(held, lag, ['kpi']), and(metric('portfolio:alert_limit'), seen, ['kpi']), ['alertname']),
    ),
    unless(and(held, portfolioKnown, []), exporterUp, []),
  ),
);
