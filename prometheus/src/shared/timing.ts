import type { Alert } from './alert.js';
import type { Duration } from './rule.js';

/** When the messages of an alert are sent. */
export interface Timing {
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
  readonly repeatInterval: Duration;
}

/**
 * Alerts with one cause arrive within a scrape or two of each other: one message instead of several. The business repeats once
 * a day: these go to people who decide, not to whoever is on duty. Else critical repeats within a shift, so that the next one on
 * duty hears of it, and high with the morning's mail.
 */
export function timingOf({ class: of, severity, notify }: Pick<Alert, 'class' | 'severity' | 'notify'>): Timing {
  return {
    groupWait: notify.groupWait ?? '30s',
    groupInterval: notify.groupInterval ?? '5m',
    repeatInterval: notify.repeatInterval ?? (of === 'kpi' || severity === 'high' ? '24h' : '4h'),
  };
}
