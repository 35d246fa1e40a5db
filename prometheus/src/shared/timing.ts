import type { Alert, AlertClass, Severity } from './alert.js';
import type { Duration } from './rule.js';

/** When the messages of an alert are sent. */
export interface Timing {
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
  readonly repeatInterval: Duration;
}

/** Alerts with one cause arrive within a scrape or two of each other: one message instead of several. */
export const USUAL_TIMING: Timing = { groupWait: '30s', groupInterval: '5m', repeatInterval: '4h' };

/**
 * The business repeats once a day: these go to people who decide, not to whoever is on duty. Else critical, and what has no
 * known severity, repeats within a shift, so that the next one on duty hears of it, and high with the morning's mail.
 */
export function usualTiming(of: AlertClass, severity: Severity | null): Timing {
  return of === 'kpi' || severity === 'high' ? { ...USUAL_TIMING, repeatInterval: '24h' } : USUAL_TIMING;
}

/** When the messages of an alert are sent: its own times, else those of its class and severity. */
export function timingOf({ class: of, severity, notify }: Pick<Alert, 'class' | 'severity' | 'notify'>): Timing {
  const usual = usualTiming(of, severity);
  return {
    groupWait: notify.groupWait ?? notify.together?.groupWait ?? usual.groupWait,
    groupInterval: notify.groupInterval ?? notify.together?.groupInterval ?? usual.groupInterval,
    repeatInterval: notify.repeatInterval ?? usual.repeatInterval,
  };
}
