import type { RecipientsFile } from '../../exporter/src/config/recipientsFile.js';
import type { Alert, AlertClass } from '../../prometheus/src/shared/alert.js';
import { timingOf, USUAL_TIMING, usualTiming } from '../../prometheus/src/shared/timing.js';
import type { Timing } from '../../prometheus/src/shared/timing.js';
import { ACTIONS_RECEIVER, HEARTBEAT_RECEIVER, ON_CALL_RECEIVER } from './audiences.js';
import type { Audience, Message } from './audiences.js';
import { COMMENT } from './commentedYaml.js';
import type { Commented } from './commentedYaml.js';
import { ownReceivers } from './receivers.js';

// The target label keeps several portfolios in one Prometheus apart.
const GROUP_BY = ['alertname', 'class', 'severity', 'portfolio'];
const TOGETHER_BY = ['class', 'portfolio'];
const CLASSES: Readonly<Record<AlertClass, string>> = {
  kpi: 'The business.',
  sla: 'Data that are too old.',
  exporter: 'The monitoring itself.',
};

/** Before all others, so that no addition ends there. The process repeats nothing: told again it only counts. */
const ACTIONS_ROUTE: Commented = {
  [COMMENT]: 'What acts on the alerts of the business, beside whoever is told.',
  matchers: ['class="kpi"'],
  receiver: ACTIONS_RECEIVER,
  group_by: ['alertname', 'portfolio'],
  ...written({ groupWait: '5s', groupInterval: '1m', repeatInterval: '4h' }),
  continue: true,
};

/**
 * Who hears of what: by alert name, not by severity, within a subtree for each class. A misspelt severity, class or name ends
 * in the receiver of the nearest parent, which is always on-call: there is no way out of this tree past a person.
 */
export function routeTree(all: readonly Message[], recipients: RecipientsFile): Commented {
  const { actions, additions, portfolios } = recipients;
  const classes = (Object.keys(CLASSES) as AlertClass[]).map((name) => classRoute(name, all));
  return {
    receiver: ON_CALL_RECEIVER,
    group_by: GROUP_BY,
    ...written(USUAL_TIMING),
    routes: [
      ...(actions === null ? [] : [ACTIONS_ROUTE]),
      ...additions.routes,
      ...[...portfolios.keys()].map((portfolio): Commented => {
        const own = ownReceivers(portfolio, all, recipients);
        return {
          [COMMENT]: `Portfolio ${portfolio}: as below, but for those who have a role there.`,
          matchers: [`portfolio=${JSON.stringify(portfolio)}`],
          ...withReceivers({ receiver: ON_CALL_RECEIVER, routes: classes }, own),
        };
      }),
      ...classes,
    ],
  };
}

/** The same routes to other receivers, by the names of those that they replace. */
function withReceivers(route: Commented, own: ReadonlyMap<string, { readonly name: string }>): Commented {
  const { receiver, routes } = route as { readonly receiver: string; readonly routes?: readonly Commented[] };
  return {
    ...route,
    receiver: own.get(receiver)?.name ?? receiver,
    ...(routes === undefined ? {} : { routes: routes.map((one) => withReceivers(one, own)) }),
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
    ...(audience.condition !== null || (whole === undefined && index === some.length - 1) ? {} : { continue: true }),
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
