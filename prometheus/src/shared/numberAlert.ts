import { portfolioDatabaseDown } from '../alerts/portfolioDatabaseDown.js';
import { portfolioExporterDown } from '../alerts/portfolioExporterDown.js';
import { LATE_DATA } from './alert.js';
import type { Alert, DashboardUid, Notify, Severity } from './alert.js';
import { written } from './numbers.js';
import { absent, and } from './promql.js';
import type { Expr } from './promql.js';
import { promqlInTemplate } from './promqlText.js';
import { record } from './rule.js';
import { aboutNow, addressed, passedOn } from './addressed.js';
import { recipientsLabel, recipientsText, whoIs } from './recipientsLabel.js';
import type { AlertRule } from './rule.js';
import { fresh, metric } from './selectors.js';
import type { KpiName } from './selectors.js';
import { annotations, found, labelTextsOf, one, withQuery, FOUND } from './texts.js';
import type { LabelTexts, Texts } from './texts.js';

/** An alert about a number of a KPI that is beyond a limit. */
export interface NumberAlert<L extends string> {
  readonly name: string;
  readonly class: 'kpi' | 'exporter';
  readonly severity: Exclude<Severity, 'none'>;
  readonly kpi: KpiName;
  /** How its numbers are written: `percent`, `duration`, or what is counted, one and several. */
  readonly unit: 'percent' | 'duration' | readonly [singular: string, plural: string];
  readonly when: string;
  /** The number that it compares with. */
  readonly limit: Expr<never>;
  /** What is beyond it. That the data are fresh is added. */
  readonly breach: (limit: Expr<never>) => Expr<L>;
  /** Those of its labels that can change while it goes on; without them its alerts are told from each other. */
  readonly changing?: readonly NoInfer<L>[];
  readonly texts: (
    parts: NumberTexts<NoInfer<L>>,
  ) => Pick<Texts, 'summary' | 'description' | 'nextStep'> & Partial<Texts>;
  readonly dashboard: DashboardUid;
  readonly notify: Notify<NoInfer<L>>;
}

/** What messages show in rows of their own. */
const SHOWN: readonly string[] = ['initiative', 'milestone', 'owner', 'resource'];

/** What the texts of such an alert are made of. */
export interface NumberTexts<L extends string> extends LabelTexts<L> {
  /** The number, in its unit; a count without its noun. */
  readonly value: string;
  /** What it is counted of: `one('row', 'rows')`. */
  readonly one: (singular: string, plural: string) => string;
  /** What `value` has at its end while nobody can tell whether the number still is what it was. */
  readonly asLastSeen: string;
  /** The limit, with its noun. */
  readonly limit: (otherwise: string) => string;
}

/**
 * Steps, so that an end is told only when it was seen:
 *   portfolio:alert_limit   the number that the alert compares with
 *   portfolio:alert_breach  what is beyond it, of the exporter that computed the KPI last and only while the KPI is within its
 *                           service level; later an alert of class sla speaks
 *   portfolio:alert_held    the breaches, each carried on with its last number while nobody can tell (recorded/held.ts)
 *   portfolio:alert_about   the same, with the labels that can change
 * keep_firing_for bridges what ends and begins again.
 */
export function numberAlert<L extends string>(alert: NumberAlert<L>): Alert {
  const { name, kpi } = alert;
  const labels = { alertname: name, kpi };
  const breach = and(alert.breach(limitOf(name)), fresh(kpi), []);
  const changing: readonly string[] = alert.changing ?? [];
  const identity = breach.labels.filter((label) => !changing.includes(label));
  return {
    ...alert,
    limit: record('portfolio:alert_limit', alert.limit, labels),
    breach: record('portfolio:alert_breach', breach, labels),
    late: [],
    identity,
    rules: () => alertRules(alert, identity),
    inhibitedBy: [portfolioExporterDown, portfolioDatabaseDown, LATE_DATA],
    inhibitedWith: null,
  };
}

/** The limit of an alert, as its breaches are compared with it. */
export function limitOf(name: string): Expr<never> {
  return { ...metric('portfolio:alert_limit', { alertname: name }), labels: [] };
}

function alertRules<L extends string>(alert: NumberAlert<L>, identity: readonly string[]): AlertRule[] {
  const { name, kpi, severity, notify } = alert;
  const labels = { class: alert.class, severity, kpi };
  const addressees = notify.recipients.filter((to) => typeof to !== 'string');
  const texts = annotationsOf(alert, identity);
  const rule = { alert: name, for: null, keepFiringFor: '5m' } as const;
  return [
    {
      ...rule,
      expr: metric('portfolio:alert_held', { alertname: name }),
      labels: { ...labels, recipients: recipientsLabel(notify.recipients) },
      annotations: texts({}),
    },
    ...addressees.map((to) => ({
      ...rule,
      expr: addressed(name, identity, to),
      labels: { ...labels, recipients: whoIs(to), addressee: whoIs(to) },
      annotations: texts({ passed_on: passedOn(to) }),
    })),
  ];
}

/** Its texts, with what can change as it is now. */
function annotationsOf<L extends string>(alert: NumberAlert<L>, identity: readonly string[]) {
  const { name, kpi, notify, dashboard } = alert;
  const changing: readonly string[] = alert.changing ?? [];
  const limit = limitOf(name);
  const asLastSeen = `{{ if ${promqlInTemplate(absent(fresh(kpi)))} }}, as last seen: the data are too old{{ end }}`;
  const value = numberText(alert, '$value', '$limit');
  const limitOr = (otherwise: string): string => withQuery(limit, limitText(alert), otherwise);
  const labelParts = labelTextsOf(changing);
  const texts = alert.texts({ ...labelParts, value, one, asLastSeen, limit: limitOr });
  const all: Texts = {
    value: `${value}${nounText(alert, '$value')}${asLastSeen}`,
    limit: limitOr('not known'),
    ...texts,
  };
  const named = changing
    .filter((label) => SHOWN.includes(label))
    .map((label): [string, string] => [label, labelParts.label(label)]);
  const byLabel = notify.recipients.some((to) => typeof to !== 'string');
  const more: Record<string, string> = {
    ...Object.fromEntries(named),
    ...(byLabel ? { recipients: recipientsText(notify.recipients, labelParts) } : {}),
  };
  const withVariables = (text: string): string =>
    [
      ...(text.includes('$about') ? [aboutNow(name, identity)] : []),
      ...(text.includes('$limit') ? [`{{ $limit := ${promqlInTemplate(limit)} -}}\n`] : []),
      text,
    ].join('');
  return (further: Readonly<Record<string, string>>) => {
    const written = Object.entries(all).map(([key, text]: [string, string]) => [key, withVariables(text)]);
    const others = Object.entries({ ...more, ...further }).map(([key, text]): [string, string] => [
      key,
      withVariables(text),
    ]);
    return annotations(name, Object.fromEntries(written) as Partial<Texts>, dashboard, Object.fromEntries(others));
  };
}

function numberText({ unit }: Pick<NumberAlert<never>, 'unit'>, number: string, limits: string): string {
  return typeof unit === 'string' ? written(unit, number, limits) : written('count', number);
}

function nounText({ unit }: Pick<NumberAlert<never>, 'unit'>, number: string): string {
  return typeof unit === 'string' ? '' : ` ${one(unit[0], unit[1], number)}`;
}

function limitText({ unit }: Pick<NumberAlert<never>, 'unit'>): string {
  return typeof unit === 'string' ? found(unit) : `${written('count', FOUND)}${nounText({ unit }, FOUND)}`;
}
