import { formatQuantity } from '../../exporter/src/config/quantity.js';
import { THRESHOLD_CATALOGUE } from '../../exporter/src/config/thresholdCatalogue.js';
import { KPIS } from './catalogue.js';
import { LATE_DATA } from './shared/alert.js';
import type { Alert, Inhibitor, Notify, Recipient } from './shared/alert.js';
import { heldBack } from './shared/heldBack.js';
import type { Duration } from './shared/rule.js';
import type { KpiName } from './shared/selectors.js';
import { timingOf } from './shared/timing.js';

/** The tables of docs/alerting.md that speak of each alert or KPI, by the names of their markers. */
export function alertTables(alerts: readonly Alert[]): Record<string, string> {
  const columns = ['alert', 'when (threshold, default)', 'severity', 'e-mail', 'Slack', 'first', 'repeats'];
  const rows = (of: readonly Alert['class'][]): string[][] =>
    alerts.filter((alert) => of.includes(alert.class)).map((alert) => alertRow(alert, alerts));
  return {
    'alerts-business': table(columns, rows(['kpi'])),
    'alerts-monitoring': table(columns, rows(['sla', 'exporter'])),
    inhibitions: table(['while this fires', 'this is not told'], inhibitionRows(alerts)),
    'service-levels': table(
      ['KPI', 'acceptable lag', 'clock of the data', 'alert'],
      (Object.keys(KPIS) as KpiName[]).map((kpi) => serviceLevelRow(kpi, alerts)),
    ),
  };
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [columns, columns.map(() => '---'), ...rows].map(line).join('\n');
}

const code = (name: string): string => `\`${name}\``;

function alertRow(alert: Alert, all: readonly Alert[]): string[] {
  const { name, when, severity, notify } = alert;
  return [
    code(name),
    withDefaults(when),
    severity,
    notify.recipients.length === 0
      ? 'the [external heartbeat](#the-external-heartbeat)'
      : [...notify.recipients.map(recipient), ...toldByActions(notify)].join(', '),
    { always: 'yes', never: 'no', 'if asked for': 'if asked for' }[notify.slack],
    first(alert, all),
    repeats(alert),
  ];
}

/** Each threshold that the sentence names, with its default behind it. */
function withDefaults(when: string): string {
  return when.replaceAll(/`(\w+)`/g, (named, name: string) => {
    const threshold = Object.entries(THRESHOLD_CATALOGUE).find(([other]) => other === name);
    return threshold === undefined ? named : `${named} ${threshold[1].defaultText}`;
  });
}

function recipient(to: Recipient): string {
  if (typeof to === 'string') return to;
  if ('role' in to) return `${to.role} where ${code(`${to.only.label}="${to.only.value}"`)}`;
  return 'the owner';
}

function toldByActions({ toldByActions: who }: Notify): string[] {
  return who === undefined ? [] : [`${who} ([by the actions process](#venture-leads))`];
}

/** From the row to the first message: the next run of an hourly KPI, `for`, a scrape and an evaluation, group_wait. */
function first(alert: Alert, all: readonly Alert[]): string {
  const { kpi } = alert;
  const wait = timingOf(alert).groupWait;
  if (kpi === null && wait === '0s') return 'at once';
  if (alert.notify.together !== undefined) return `${wait} to 20s`;
  if (kpi !== null && KPIS[kpi].hourly) return 'next hourly run + 1 min';
  const waits = alert.rules(all).map((rule) => minutes(rule.for) + 1);
  return [...new Set(waits)].map((wait) => `${wait} min`).join(' or ');
}

const minutes = (duration: Duration | null): number => (duration === null ? 0 : Number(duration.slice(0, -1)));

function repeats(alert: Alert): string {
  const { repeatInterval } = timingOf(alert);
  return repeatInterval === '8760h' ? 'no: one mail at the beginning, one at the end' : repeatInterval;
}

function inhibitionRows(alerts: readonly Alert[]): string[][] {
  const inhibitors: readonly Inhibitor[] = [...alerts, LATE_DATA];
  return inhibitors.flatMap((inhibitor) => {
    const held = names(inhibitor, alerts);
    if (held === '') return [];
    if (inhibitor === LATE_DATA) return [['an alert of `class="sla"`', `with the same \`kpi\`: ${held}`]];
    return [[code(inhibitor.name), held]];
  });
}

function names(inhibitor: Inhibitor, alerts: readonly Alert[]): string {
  const { classes, others } = heldBack(inhibitor, alerts);
  const whole = classes.map((of) => `all of \`class="${of}"\`${of === 'sla' ? ' with a `kpi`' : ''}`);
  return [...whole, ...others.map(({ name }) => code(name))].join(', ');
}

function serviceLevelRow(kpi: KpiName, alerts: readonly Alert[]): string[] {
  const { acceptableLagSeconds, alertWhenLate, freshness } = KPIS[kpi];
  const own =
    alerts.find(({ late }) => late.includes(kpi)) ??
    alerts.find(({ late, class: of }) => of === 'sla' && late.length === 0);
  return [
    code(kpi),
    formatQuantity(acceptableLagSeconds, 'seconds'),
    clock(freshness),
    alertWhenLate && own !== undefined ? code(own.name) : 'none: recorded and shown',
  ];
}

function clock(freshness: (typeof KPIS)[KpiName]['freshness']): string {
  if (freshness === null) return 'none';
  if (freshness.kind === 'day') return `end of the newest day in ${code(freshness.table)}`;
  return `heartbeat of ${freshness.sources.map(code).join(', ')}`;
}
