import { portfolioDatabaseDown } from '../alerts/portfolioDatabaseDown.js';
import { portfolioExporterDown } from '../alerts/portfolioExporterDown.js';
import type { Alert } from './alert.js';
import { written } from './numbers.js';
import { max } from './promql.js';
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
    readonly summary: string;
    readonly late: string;
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
  const { summary, late, nextStep } = texts(labelTexts);
  const description =
    `${late} Both clocks count: when the exporter last computed the KPI, and how new the rows themselves are.` +
    ' Alerts that read {{ $labels.kpi }} are quiet until it is fresh again.';
  return {
    alert: name,
    expr,
    // An exporter that just started has not computed anything yet.
    for: '1m',
    keepFiringFor: '5m',
    labels: { class: 'sla', severity, recipients: recipientsLabel(ON_CALL.recipients) },
    annotations: annotations(
      name,
      { summary, description, value: ages(), limit: withQuery(LAG, found('duration'), 'not known'), nextStep },
      'portfolio-operations',
    ),
  };
}

const LAG = max(metric('portfolio_kpi_acceptable_lag_seconds', { kpi: OF_THIS_ALERT }));

function ages(): string {
  const age = (clock: 'exporter' | 'data'): Expr =>
    metric('kpi_clock:portfolio_kpi_age_seconds:min', { kpi: OF_THIS_ALERT, clock });
  const number = written('duration', FOUND, '$limit');
  const computed = withQuery(
    age('exporter'),
    `computed ${number} ago`,
    withoutNumber('not computed since the exporter started'),
  );
  // A day that is not over has a negative age.
  const data = withQuery(age('data'), `{{ if gt ${FOUND} 0.0 }}, newest data ${number} old{{ end }}`);
  return `{{ $limit := ${promqlInTemplate(LAG)} -}}\n${computed}${data}`;
}
