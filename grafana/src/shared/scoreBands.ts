import type { DataTransformerConfig, MatcherConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { configFromData } from './configFromData.js';
import { sqlQuery } from './sqlQuery.js';

/** The colour below min_viable_score; the other bands come from data. */
export const BELOW_VIABLE = 'red';

export const scoreBandsQuery = (): ReturnType<typeof sqlQuery> =>
  sqlQuery('bands', 'SELECT min_viable, high_priority, excellent FROM portfolio_reporting.score_bands');

/** Colours scores by the bands of thresholds.yaml. */
export function scoreBands(applyTo: MatcherConfig): DataTransformerConfig {
  return configFromData('bands', applyTo, [
    { column: 'min_viable', as: { color: 'yellow' } },
    { column: 'high_priority', as: { color: 'green' } },
    { column: 'excellent', as: { color: 'dark-green' } },
  ]);
}
