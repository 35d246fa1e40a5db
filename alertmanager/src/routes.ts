import type { Alert, AlertClass } from '../../prometheus/src/shared/alert.js';
import { timingOf, USUAL_TIMING, usualTiming } from '../../prometheus/src/shared/timing.js';
import type { Timing } from '../../prometheus/src/shared/timing.js';
import { HEARTBEAT_RECEIVER, ON_CALL_RECEIVER } from './audiences.js';
import type { Audience, Message } from './audiences.js';
import { COMMENT } from './commentedYaml.js';
import type { Commented } from './commentedYaml.js';

// The target label keeps several portfolios in one Prometheus apart.
const GROUP_BY = ['alertname', 'class', 'severity', 'portfolio'];
const TOGETHER_BY = ['class', 'portfolio'];
const CLASSES: Readonly<Record<AlertClass, string>> = {
  kpi: 'The business.',
  sla: 'Data that are too old.',
  exporter: 'The monitoring itself.',
};

/**
 * Who hears of what: by alert name, not by severity, within a subtree for each class. A misspelt severity, class or name ends
 * in the receiver of the nearest parent, which is always on-call: there is no way out of this tree past a person.
 */
export function routeTree(all: readonly Message[], additions: readonly object[]): Commented {
  return {
    receiver: ON_CALL_RECEIVER,
    group_by: GROUP_BY,
    ...written(USUAL_TIMING),
    routes: [...additions, ...(Object.keys(CLASSES) as AlertClass[]).map((name) => classRoute(name, all))],
  };
}

function classRoute(name: AlertClass, all: readonly Message[]): Commented {
  const usual = usualTiming(name, null);
  const high = differences(usualTiming(name, 'high'), usual);
  const routes = [
    ...all.filter(({ alerts }) => alerts[0]?.class === name).flatMap((message) => messageRoute(message, usual)),
    ...(Object.keys(high).length === 0 ? [] : [{ matchers: ['severity="high"'], receiver: ON_CALL_RECEIVER, ...high }]),
  ];
  return {
    [COMMENT]: CLASSES[name],
    matchers: [`class="${name}"`],
    receiver: ON_CALL_RECEIVER,
    ...differences(usual, USUAL_TIMING),
    ...(routes.length === 0 ? {} : { routes }),
  };
}

/** None where the route of the class does the same. */
function messageRoute(message: Message, usual: Timing): Commented[] {
  const { alerts, audiences } = message;
  const [alert] = alerts;
  if (alert === undefined) return [];
  const timing = timingOf(alert);
  const whole = audiences.find((audience) => audience.condition === null && audience.alerts.length === alerts.length);
  const some = audiences.filter((audience) => audience !== whole);
  const receiver = whole?.name ?? (audiences.length === 0 ? HEARTBEAT_RECEIVER : ON_CALL_RECEIVER);
  const asUsual = Object.keys(differences(timing, usualTiming(alert.class, alert.severity))).length === 0;
  if (receiver === ON_CALL_RECEIVER && some.length === 0 && asUsual) return [];
  const groupBy = alert.notify.together === undefined ? GROUP_BY : TOGETHER_BY;
  const parts = some.map((audience, index): Commented => ({
    ...audienceRoute(audience, message, groupBy),
    ...(whole === undefined && index === some.length - 1 ? {} : { continue: true }),
  }));
  return [
    {
      matchers: [named(alerts)],
      receiver,
      ...(groupBy === GROUP_BY ? {} : { group_by: groupBy }),
      ...differences(timing, usual),
      ...(parts.length === 0 ? {} : { routes: [...parts, ...(whole === undefined ? [] : [{ receiver }])] }),
    },
  ];
}

/** A message to somebody whose address stands in a label is that person's own. */
function audienceRoute(audience: Audience, { alerts }: Message, groupBy: readonly string[]): Commented {
  const { name, condition, person } = audience;
  return {
    matchers: [
      ...(audience.alerts.length === alerts.length ? [] : [named(audience.alerts)]),
      ...(condition === null ? [] : [condition]),
    ],
    receiver: name,
    ...(person === null ? {} : { group_by: [...groupBy, person.address] }),
  };
}

export function named(alerts: readonly Alert[]): string {
  const names = alerts.map(({ name }) => name);
  return `alertname${names.length === 1 ? '=' : '=~'}"${names.join('|')}"`;
}

function differences(timing: Timing, from: Timing): Readonly<Record<string, string>> {
  const changed = Object.entries(timing).filter(([key, value]) => value !== from[key as keyof Timing]);
  return written(Object.fromEntries(changed));
}

function written({ groupWait, groupInterval, repeatInterval }: Partial<Timing>): Readonly<Record<string, string>> {
  return {
    ...(groupWait === undefined ? {} : { group_wait: groupWait }),
    ...(groupInterval === undefined ? {} : { group_interval: groupInterval }),
    ...(repeatInterval === undefined ? {} : { repeat_interval: repeatInterval }),
  };
}
