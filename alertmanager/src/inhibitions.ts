import { LATE_DATA } from '../../prometheus/src/shared/alert.js';
import type { Alert, Inhibitor } from '../../prometheus/src/shared/alert.js';
import { heldBack } from '../../prometheus/src/shared/heldBack.js';
import type { Commented } from './commentedYaml.js';
import { named } from './routes.js';

/** One cause, one message: what each alert holds back, as `inhibitedBy` of the others says. */
export function inhibitRules(alerts: readonly Alert[]): Commented[] {
  const inhibitors: readonly Inhibitor[] = [...alerts, LATE_DATA];
  return inhibitors.flatMap((inhibitor) => rulesOf(inhibitor, alerts));
}

function rulesOf(inhibitor: Inhibitor, alerts: readonly Alert[]): Commented[] {
  const { classes, others } = heldBack(inhibitor, alerts);
  const targets = [
    ...classes.map((name) => [`class="${name}"`, ...withLabel(alerts.find((alert) => alert.class === name))]),
    ...(others.length === 0 ? [] : [[named(others)]]),
  ];
  // An alert without a kpi silences nothing; two missing labels would be equal. Two missing portfolios are one.
  const source = inhibitor === LATE_DATA ? ['class="sla"', 'kpi=~".+"'] : [named([inhibitor])];
  const equal = inhibitor === LATE_DATA ? ['kpi', 'portfolio'] : ['portfolio'];
  return targets.map((target) => ({ source_matchers: source, target_matchers: target, equal }));
}

function withLabel(alert: Alert | undefined): string[] {
  return alert?.inhibitedWith == null ? [] : [`${alert.inhibitedWith}=~".+"`];
}
