import { CHOSEN_OR_SHARED } from './ofPortfolio.js';

/** By severity, the worst first. */
export const SEVERITIES = {
  critical: { rank: 3, color: 'dark-red' },
  high: { rank: 2, color: 'red' },
  medium: { rank: 1, color: 'orange' },
  none: { rank: 0, color: 'blue' },
} as const;

export const WORST_FIRST = ['critical', 'high', 'medium'] as const;

/** What fires of the chosen portfolio and of what all share; the Watchdog is none of it, and what is told by address is told once. */
export const FIRING = `ALERTS{alertstate="firing", alertname!="Watchdog", addressee="", ${CHOSEN_OR_SHARED}}`;

/** It fires always while rules are evaluated, and has the addresses to which links lead as labels (prometheus/src/alerts/watchdog.ts). */
export const WATCHDOG = `ALERTS{alertstate="firing", alertname="Watchdog", ${CHOSEN_OR_SHARED}}`;

export function relabel(series: string, label: string, value: string, source: string, pattern: string): string {
  return `label_replace(${series}, "${label}", "${value}", "${source}", "${pattern}")`;
}

/**
 * A series for each severity that fires: its rank times `weight`.
 * @param weight 1 where left out
 */
export function ranks(weight = 1): string {
  return [
    ...WORST_FIRST.map((severity) =>
      relabel(`vector(${SEVERITIES[severity].rank * weight})`, 'severity', severity, '', ''),
    ),
    // Of somebody else's rules.
    `0 * max by (severity) (${FIRING})`,
  ].join(' or on (severity) ');
}

export const RANKS = ranks();
