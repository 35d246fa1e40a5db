import type { ThresholdName } from '../../../exporter/src/config/thresholdCatalogue.js';
import type { Alert, DashboardUid, Notify } from './alert.js';
import { numberAlert } from './numberAlert.js';
import { written } from './numbers.js';
import { and, max, where } from './promql.js';
import { promqlInTemplate } from './promqlText.js';
import { fresh, metric, newest, threshold } from './selectors.js';
import type { KpiMetric, KpiName } from './selectors.js';
import { FOUND, found, one, thresholdText, withQuery } from './texts.js';

/** An alert about a share that closed several months in a row on the wrong side of its limit. */
export interface MonthsAlert {
  readonly name: string;
  readonly kpi: KpiName;
  readonly share: KpiMetric;
  readonly side: 'below' | 'above';
  readonly limit: ThresholdName;
  readonly months: ThresholdName;
  readonly target: ThresholdName;
  readonly when: string;
  /** What closed: `The synergy capture rate`. */
  readonly subject: string;
  /** What is wrong, the sentence goes on after it: `...: the rate`. */
  readonly meaning: string;
  readonly nextStep: string;
  readonly dashboard: DashboardUid;
  readonly recipients: Notify<never>['recipients'];
}

/** Months in a row are counted in SQL from kpi_history: Prometheus keeps 15 days by default. */
export function monthsAlert(alert: MonthsAlert): Alert {
  const { name, kpi, share, side, limit, months, target, subject, meaning, nextStep } = alert;
  const number = (threshold: ThresholdName, otherwise: string): string => thresholdText(threshold, otherwise);
  const now = withQuery(and(max(metric(share)), fresh(kpi), []), nowText(target));
  return numberAlert({
    name,
    class: 'kpi',
    severity: 'medium',
    // The unit that counts the months.
    kpi: 'kpi_breaches',
    unit: ['month', 'months'],
    when: alert.when,
    limit: threshold(months),
    breach: (least) => where(newest('portfolio_kpi_breach_months', { only: { kpi }, by: [] }), '>=', least),
    texts: ({ value, asLastSeen, limit: least }) => ({
      summary: `
        ${subject} closed ${side} ${number(limit, 'its limit')}
        ${one('last month', `for ${value} months in a row`)}`,
      description: `
        ${meaning} at the end of ${one('the last complete month', `each of the last ${value} complete months`)}
        was ${side} the limit.${now}`,
      value: `${value} ${one('month', 'months')} ${side} the limit${asLastSeen}`,
      limit: `${least('not known how many months')} ${side} ${number(limit, 'a limit that is not known')}`,
      nextStep,
    }),
    dashboard: alert.dashboard,
    // One mail when it begins and one when it ends. What lies between stands in the monthly digest, so the repetition is
    // further away than any of these lasts.
    notify: { recipients: alert.recipients, slack: 'if asked for', groupInterval: '1h', repeatInterval: '8760h' },
  });
}

function nowText(target: ThresholdName): string {
  return (
    `{{ $target := ${promqlInTemplate(threshold(target))} }} It is ${written('percent', FOUND, '$target')} now, ` +
    `{{ with $target }}its target ${found('percent')}{{ else }}no target known{{ end }}.`
  );
}
