/** What became of an alert; the last three are kept with the notification and set nothing off. */
export const ALERT_OUTCOMES = [
  'opened',
  'closed',
  'known',
  'other_portfolio',
  'unknown_alert',
  'unknown_entity',
] as const;
export type AlertOutcome = (typeof ALERT_OUTCOMES)[number];
