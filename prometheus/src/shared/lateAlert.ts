import { portfolioDatabaseDown } from '../alerts/portfolioDatabaseDown.js';
import { portfolioExporterDown } from '../alerts/portfolioExporterDown.js';
import type { Alert } from './alert.js';
import { written } from './numbers.js';
import { max, where } from './promql.js';
import type { Expr } from './promql.js';
import { recipientsLabel } from './recipientsLabel.js';
import type { AlertRule } from './rule.js';
import { metric, noneOf, OF_THIS_ALERT, oneOf } from './selectors.js';
import type { KpiName } from './selectors.js';
import { annotations, found, FOUND, labelTexts, withoutNumber, withQuery } from './texts.js';
import type { LabelTexts } from './texts.js';
import { promqlInTemplate } from './promqlText.js';
import { ON_CALL } from './ownAlert.js';

/** An alert about KPIs that are older than their service level allows. */
export interface LateAlert {
  readonly name: string;
  readonly severity: 'critical' | 'high';
  /** others: every KPI that no other alert of this kind is about. */
  readonly kpis: readonly [KpiName, ...KpiName[]] | 'others';
  /** Beside that, where there is more: ` or ...`. */
  readonly orWhen?: string;
  readonly texts: (parts: LabelTexts<'kpi'>) => {
    /** What is late: `Resource conflicts`. */
    readonly subject: string;
    /** What comes of it, a sentence. */
    readonly consequence: string;
    readonly nextStep: string;
  };
  /** Further conditions under the same name. */
  readonly also?: readonly AlertRule[];
}

/**
 * Late (recorded/freshness.ts) is what is not fresh, just where the business rules stop: older than the KPI's acceptable lag by
 * either clock, or never computed since the exporter started. The lag and whether it alerts are the unit's or exporter.yaml's.
 */
export function lateAlert(alert: LateAlert): Alert {
  const { name, severity, kpis, orWhen = '', also = [] } = alert;
  const which = kpis === 'others' ? 'any other KPI' : kpis.map((kpi) => `\`${kpi}\``).join(' or ');
  return {
    name,
    class: 'sla',
    severity,
    kpi: null,
    when: `${which} is older than its [acceptable lag](#service-levels)${orWhen}`,
    limit: null,
    breach: null,
    identity: [],
    late: kpis === 'others' ? [] : kpis,
    rules: (all) => [lateRule(alert, lateKpis(alert, all)), ...also],
    notify: ON_CALL,
    inhibitedBy: [portfolioExporterDown, portfolioDatabaseDown],
    // What has no KPI is trouble of its own: data grow old because of the exporter, Grafana does not answer for other reasons.
    inhibitedWith: 'kpi',
  };
}

function lateKpis({ kpis }: LateAlert, all: readonly Alert[]): Expr<'kpi'> {
  const selected = kpis === 'others' ? noneOf(...all.flatMap(({ late }) => late)) : oneOf(...kpis);
  return metric('kpi:portfolio_kpi_late:bool', { kpi: selected });
}

function lateRule({ name, severity, texts }: LateAlert, expr: Expr<'kpi'>): AlertRule {
  const { subject, consequence, nextStep } = texts(labelTexts);
  const limit = withQuery(LAG, found('duration'), 'not known');
  // Beside the limit, so that no age reads like it.
  const besideLimit = `{{ $limit := ${promqlInTemplate(LAG)} -}}`;
  return {
    alert: name,
    expr,
    // An exporter that just started has not computed anything yet.
    for: '1m',
    keepFiringFor: '5m',
    labels: { class: 'sla', severity, recipients: recipientsLabel(ON_CALL.recipients) },
    annotations: annotations(
      name,
      {
        summary: `${besideLimit}${subject}: ${AGE_TEXT}, allowed ${limit}`,
        description: `${consequence} Alerts that read ${labelTexts.label('kpi')} are quiet until it is fresh again.`,
        value: `${besideLimit}${AGE_TEXT}`,
        limit,
        nextStep,
      },
      'portfolio-operations',
    ),
  };
}

const LAG = max(metric('portfolio_kpi_acceptable_lag_seconds', { kpi: OF_THIS_ALERT }));

/** The clock that is late; rows that grow old because nobody computes are told as that. */
const AGE_TEXT = ageText();

function ageText(): string {
  const age = (clock: 'exporter' | 'data'): Expr<'kpi' | 'clock'> =>
    metric('kpi_clock:portfolio_kpi_age_seconds:min', { kpi: OF_THIS_ALERT, clock });
  const number = written('duration', FOUND, '$limit');
  const computed = `computed ${number} ago`;
  const never = withoutNumber('not computed since the exporter started');
  const rows = withQuery(
    where(age('data'), '>', LAG),
    `newest rows ${number} old`,
    withQuery(age('exporter'), computed, never),
  );
  return withQuery(where(age('exporter'), '>', LAG), computed, rows);
}
