import type { RecipientRole } from '../../exporter/src/config/recipientRoles.js';
import type { RecipientsFile } from '../../exporter/src/config/recipientsFile.js';
import type { Alert, Notify, Recipient } from '../../prometheus/src/shared/alert.js';
import { whoIs } from '../../prometheus/src/shared/recipientsLabel.js';

/** Somebody whose address stands in a label. */
export type Person = Extract<Recipient, { person: string }>;

/** Those who are told of the same alerts of a message: one receiver, and one route to it. */
export interface Audience {
  /** Of the receiver. */
  readonly name: string;
  readonly alerts: readonly Alert[];
  /** What is told to these alone; null: all that has no addressee. */
  readonly condition: string | null;
  readonly bySlack: boolean;
  readonly roles: readonly RecipientRole[];
  readonly person: Person | null;
}

/** What is told together: alerts of one message, one group of Alertmanager. */
export interface Message {
  readonly name: string;
  readonly alerts: readonly Alert[];
  /** Addressees first, then who hears of only some of it; whoever hears of all of it, if anybody does, comes last. */
  readonly audiences: readonly Audience[];
}

export const ON_CALL_RECEIVER = 'on-call';
/** The receiver of an alert that is told to no person (the Watchdog). */
export const HEARTBEAT_RECEIVER = 'heartbeat';
/** What calls the process that acts on alerts. */
export const ACTIONS_RECEIVER = 'actions';

type Told = Omit<Audience, 'name'>;

/** Who hears of what, in the order of the alerts. */
export function messages(alerts: readonly Alert[], { slack, mediumAlertsToSlack }: RecipientsFile): Message[] {
  const uses = (way: Notify['slack']): boolean =>
    slack !== null && (way === 'always' || (way === 'if asked for' && mediumAlertsToSlack));
  const together = grouped(alerts, messageName);
  return [...together].map(([name, some]) => ({ name, alerts: some, audiences: audiences(name, some, uses) }));
}

function messageName({ name, notify }: Alert): string {
  return notify.together?.name ?? name;
}

function audiences(message: string, alerts: readonly Alert[], uses: (way: Notify['slack']) => boolean): Audience[] {
  const each = alerts.flatMap((alert) => [
    ...(uses(alert.notify.slack) ? [{ who: 'slack', told: tell(alert, { bySlack: true }) }] : []),
    ...alert.notify.recipients.map((recipient) => ({
      who: JSON.stringify(recipient),
      told: tellRecipient(alert, recipient),
    })),
  ]);
  const byWho = [...grouped(each, ({ who }) => who).values()].map((some) => allAlerts(some));
  const merged = [...grouped(byWho, whatIsTold).values()].map(allPeople);
  const hearsAll = (told: Told): boolean => told.condition === null && told.alerts.length === alerts.length;
  const others = merged.filter((told) => !hearsAll(told));
  const addressed = others.filter(({ condition }) => condition !== null);
  return [...addressed, ...others.filter((told) => !addressed.includes(told)), ...merged.filter(hearsAll)].map(
    (told) => ({
      ...told,
      name: hearsAll(told) ? wholeName(message, told) : [message, ...whoIn(told)].map(kebab).join('-'),
    }),
  );
}

function tellRecipient(alert: Alert, recipient: Recipient): Told {
  if (typeof recipient === 'string') return tell(alert, { roles: [recipient] });
  const condition = `addressee="${whoIs(recipient)}"`;
  return tell(alert, { ...('person' in recipient ? { person: recipient } : { roles: [recipient.role] }), condition });
}

function tell(alert: Alert, who: Partial<Told>): Told {
  return { alerts: [alert], condition: null, bySlack: false, roles: [], person: null, ...who };
}

function whatIsTold({ alerts, condition }: Told): string {
  return JSON.stringify([alerts.map(({ name }) => name), condition]);
}

/** Of one recipient: each of its alerts. */
function allAlerts(some: readonly [{ told: Told }, ...{ told: Told }[]]): Told {
  return { ...some[0].told, alerts: some.flatMap(({ told }) => told.alerts) };
}

/** Of the same alerts: each of their recipients. */
function allPeople(some: readonly [Told, ...Told[]]): Told {
  return {
    ...some[0],
    bySlack: some.some(({ bySlack }) => bySlack),
    roles: some.flatMap(({ roles }) => roles),
    person: some.find(({ person }) => person !== null)?.person ?? null,
  };
}

/** What on-call hears by both ways is one receiver, whatever it is. */
function wholeName(message: string, { bySlack, roles, person }: Told): string {
  const onCall = bySlack && person === null && roles.length === 1 && roles[0] === 'OnCall';
  return onCall ? ON_CALL_RECEIVER : kebab(message);
}

function whoIn({ bySlack, roles, person }: Told): string[] {
  return [...(bySlack ? ['slack'] : []), ...roles, ...(person === null ? [] : [person.person])];
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** Map.groupBy of later versions of Node.js. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
