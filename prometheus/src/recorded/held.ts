import type { Alert } from '../shared/alert.js';
import { and, max, or, unless, where } from '../shared/promql.js';
import type { Expr } from '../shared/promql.js';
import { record } from '../shared/rule.js';
import type { RecordRule } from '../shared/rule.js';
import { exporterUp, portfolioKnown, metric, unassigned } from '../shared/selectors.js';

const heldBefore = metric('portfolio:alert_held');
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
 * The breaches, each carried on with its last number while nobody can tell: the KPI is too old, its exporter or shard is gone, or
 * the limit is. A KPI that a running exporter no longer has, and leaves to no other, is gone, and its alerts with it.
 * about: the same with all labels as they are now, or were last: names, owners and addresses can change while an alert goes on.
 */
export function held(alerts: readonly Alert[]): readonly RecordRule[] {
  const identity = ['alertname', 'kpi', ...new Set(alerts.flatMap((alert) => alert.identity).toSorted())];
  const breach: Expr = metric('portfolio:alert_breach');
  const about: Expr = metric('portfolio:alert_about');
  const heldNow: Expr = heldBefore;
  return [
    record(
      'portfolio:alert_held',
      or(
        or(
          max(breach, ...identity),
          unless(and(heldBefore, lag, ['kpi']), and(metric('portfolio:alert_limit'), seen, ['kpi']), ['alertname']),
        ),
        or(unless(and(heldBefore, portfolioKnown, []), exporterUp, []), and(heldBefore, unassigned, ['kpi'])),
      ),
    ),
    // Of one alert all breaches are of now, or all are carried on.
    record('portfolio:alert_about', or(breach, and(about, heldNow, ['alertname']), ['alertname'])),
  ];
}
