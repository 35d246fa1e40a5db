import type { Alert, DashboardUid, Inhibitor, Notify, Severity } from './alert.js';
import { and, max, unless } from './promql.js';
import type { Expr } from './promql.js';
import { recipientsLabel } from './recipientsLabel.js';
import type { Duration } from './rule.js';
import { exporterUp, metric, portfolioKnown, unassigned } from './selectors.js';
import type { LabelOf } from './selectors.js';
import { annotations, labelTexts } from './texts.js';
import type { LabelTexts, Texts } from './texts.js';

/** An alert about the monitoring itself: any condition. */
export interface OwnAlert<L extends string> {
  readonly name: string;
  readonly severity: Severity;
  readonly when: string;
  /** Made when all alerts are known, where it speaks of them. */
  readonly condition: Expr<L> | ((all: readonly Alert[]) => Expr<L>);
  readonly for: Duration | null;
  readonly keepFiringFor: Duration | null;
  /** Beside those that every alert has. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly texts: (parts: LabelTexts<NoInfer<L>>) => Texts | Pick<Texts, 'summary' | 'description'>;
  readonly dashboard: DashboardUid | null;
  readonly notify?: Notify<NoInfer<L>>;
  readonly inhibitedBy: readonly Inhibitor[];
}

export function ownAlert<L extends string>(alert: OwnAlert<L>): Alert {
  const { name, severity, condition, texts, dashboard, notify = ON_CALL } = alert;
  const recipients = notify.recipients.length === 0 ? {} : { recipients: recipientsLabel(notify.recipients) };
  return {
    ...alert,
    class: 'exporter',
    kpi: null,
    limit: null,
    breach: null,
    identity: [],
    late: [],
    inhibitedWith: null,
    notify,
    rules: (all) => [
      {
        alert: name,
        expr: typeof condition === 'function' ? condition(all) : condition,
        for: alert.for,
        keepFiringFor: alert.keepFiringFor,
        labels: { class: 'exporter', severity, ...recipients, ...alert.labels },
        annotations: annotations(name, texts(labelTexts), dashboard),
      },
    ],
  };
}

export const ON_CALL: Notify<never> = { recipients: ['OnCall'], slack: 'always' };

/** What fires under that name now. */
export function firing(name: string): Expr<LabelOf<'ALERTS'>> {
  return metric('ALERTS', { alertname: name, alertstate: 'firing' });
}

/** The same of a portfolio that has exporters: it goes on while nobody can tell that it is over. */
export function stillFiring(name: string): Expr<LabelOf<'ALERTS'>> {
  return and(firing(name), portfolioKnown, []);
}

/** The same while no exporter answers: none can have seen the end. One for each value of the labels. */
export function carriedOn<L extends LabelOf<'ALERTS'>>(name: string, ...labels: readonly L[]): Expr<L> {
  return max(unless(stillFiring(name), exporterUp, []), ...labels);
}

/** The same of the KPIs whose shard does not answer. */
export function carriedOnUnassigned(name: string): Expr<'kpi'> {
  return max(and(firing(name), unassigned, ['kpi']), 'kpi');
}
