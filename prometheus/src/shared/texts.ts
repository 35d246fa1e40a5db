import { THRESHOLD_CATALOGUE } from '../../../exporter/src/config/thresholdCatalogue.js';
import type { ThresholdName } from '../../../exporter/src/config/thresholdCatalogue.js';
import type { Alert, DashboardUid } from './alert.js';
import { templateOf, withTemplates, written } from './numbers.js';
import type { NumberTemplate } from './numbers.js';
import { absent, max, where } from './promql.js';
import type { Expr } from './promql.js';
import { promqlInTemplate } from './promqlText.js';
import { exporterUp, metric, threshold } from './selectors.js';

/** The words of an alert, Go templates. */
export interface Texts {
  /** The fact with its numbers: the first line of every message. */
  readonly summary: string;
  readonly description: string;
  readonly value: string;
  readonly limit: string;
  readonly nextStep: string;
}

/** What a text says by the labels of its alert; L: those it has. */
export interface LabelTexts<L extends string> {
  /** The value of a label. */
  readonly label: (label: L, otherwise?: string) => string;
  /** One text where a label has a value, another where not. */
  readonly ifLabel: (label: L, value: string, text: string, otherwise?: string) => string;
  readonly ifNone: (label: L, text: string) => string;
}

/** Labels that can change are looked up: `about` has their values of now. */
export function labelTextsOf(changing: readonly string[]): LabelTexts<string> {
  const of = (label: string): string => `${changing.includes(label) ? '$about' : '$labels'}.${label}`;
  return {
    label: (label, otherwise) =>
      otherwise === undefined ? `{{ ${of(label)} }}` : `{{ or ${of(label)} "${otherwise}" }}`,
    ifLabel: (label, value, text, otherwise = '') =>
      `{{ if eq ${of(label)} "${value}" }}${text}${otherwise === '' ? '' : `{{ else }}${otherwise}`}{{ end }}`,
    ifNone: (label, text) => `{{ if not ${of(label)} }}${text}{{ end }}`,
  };
}

export const labelTexts = labelTextsOf([]);

/** `{{ if eq number 1.0 }}row{{ else }}rows{{ end }}` */
export function one(singular: string, plural: string, number = '$value'): string {
  return `{{ if eq ${number} 1.0 }}${singular}{{ else }}${plural}{{ end }}`;
}

/** The number of a query within `withQuery`. */
export const FOUND = '(. | first | value)';

/** A text about what a query finds, and one for when it finds nothing. */
export function withQuery(query: Expr, text: string, otherwise = ''): string {
  const rest = otherwise === '' ? '' : `{{ else }}${otherwise}`;
  return `{{ with ${promqlInTemplate(query)} }}${text}${rest}{{ end }}`;
}

/** What a query finds as a number; beside itself, so that a limit is written like the numbers that are compared with it. */
export function found(template: NumberTemplate): string {
  return written(template, FOUND, '.');
}

export function thresholdText(name: ThresholdName, otherwise: string, around = (text: string): string => text): string {
  return withQuery(threshold(name), around(found(templateOf(THRESHOLD_CATALOGUE[name].unit))), otherwise);
}

/** Why there is no such number: no exporter answers, or what else. */
export function withoutNumber(otherwise: string): string {
  return `{{ if ${promqlInTemplate(absent(exporterUp))} }}no exporter answers{{ else }}${otherwise}{{ end }}`;
}

/** How long ago, of a query that yields seconds. */
export function ago(query: Expr, words: string, otherwise: string): string {
  return withQuery(query, `${words} ${written('duration', FOUND)} ago`, withoutNumber(otherwise));
}

/** Why nothing is written, where it is that. */
export const onStandby = withQuery(
  where(max(metric('portfolio_database_standby')), '==', 1),
  ' The database is a read-only standby.',
);

/** The annotations of an alert. A text of several lines is one paragraph. */
export function annotations(
  name: Alert['name'],
  texts: Partial<Texts>,
  dashboard: DashboardUid | null,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const given = {
    summary: texts.summary,
    description: texts.description,
    value: texts.value,
    limit: texts.limit,
    next_step: texts.nextStep,
    ...more,
    dashboard_url: dashboard === null ? undefined : dashboardUrl(dashboard),
    runbook_url: `{{ $externalLabels.runbook_url }}#${name.toLowerCase()}`,
  };
  const written = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(written.map(([key, text]) => [key, withTemplates(text.trim().replace(/\s*\n\s*/g, ' '))]));
}

/** The dashboard, of the portfolio of the alert where it has one. */
function dashboardUrl(dashboard: DashboardUid): string {
  const portfolio = '{{ with $labels.portfolio }}?var-portfolio={{ urlquery . }}{{ end }}';
  return `{{ $externalLabels.grafana_url }}/d/${dashboard}${portfolio}`;
}
