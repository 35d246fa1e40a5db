import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { byName, configFromData } from './configFromData.js';
import { sqlQuery } from './sqlQuery.js';

/** The colour of each kind of captured value, the same in every panel. */
export const VALUE_COLORS = {
  'Cost saved': 'blue',
  'Revenue generated': 'green',
  'Time saved': 'orange',
  // Never money, so in the log alone.
  'Risk reduced': 'purple',
} as const;

/** Says in the legend at which rate saved hours are drawn as dollars. */
export const hourlyRateQuery = (): ReturnType<typeof sqlQuery> =>
  sqlQuery(
    'rate',
    `SELECT 'Time saved (hours × $' || trim_scale(value) || ')' AS label FROM portfolio_reporting.thresholds WHERE name = 'hourly_rate'`,
  );

export const hourlyRateInLegend = (): DataTransformerConfig =>
  configFromData('rate', byName('Time saved'), [{ column: 'label', as: 'displayName' }]);
