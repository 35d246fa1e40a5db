import { METRICS } from '../catalogue.js';
import { and, calculate, where } from '../shared/promql.js';
import type { Expr } from '../shared/promql.js';
import { record } from '../shared/rule.js';
import type { RecordRule, RuleGroup } from '../shared/rule.js';
import { fresh, newest, threshold } from '../shared/selectors.js';
import type { KpiMetric } from '../shared/selectors.js';

/**
 * Each KPI over its target: 1 is on target; direction says which side is the good one. Absent while the KPI is older than its
 * service level, and where the target is 0; the labels of the KPI's entities are kept.
 */
export const TARGETS: RuleGroup = {
  name: 'portfolio-targets',
  interval: '1m',
  rules: (Object.keys(METRICS) as KpiMetric[]).flatMap(overTarget),
};

function overTarget(name: KpiMetric): RecordRule[] {
  const { kpi, target } = METRICS[name];
  if (target === null) return [];
  const achieved: Expr = calculate(newest(name), '/', where(threshold(target.threshold), '>', 0));
  const known = and(achieved, fresh(kpi), []);
  const labels = { kpi, metric: name, direction: target.direction };
  if (target.onlyWhen === null) return [record('portfolio:kpi_target_achieved:ratio', known, labels)];
  const { metric, atLeast } = target.onlyWhen;
  const holds = where(newest(metric), '>=', threshold(atLeast));
  return [record('portfolio:kpi_target_achieved:ratio', and(known, holds, []), labels)];
}
