import { threshold } from './promQuery.js';

/**
 * The share above which a resource is over-allocated, as the alert has it (prometheus/src/alerts/resourceConflictDetected.ts): round() because
 * 1.1 + 0.1 is not 1.2 in floating point.
 */
export const OVER_ALLOCATED = `round(${threshold('conflict_over_allocation_threshold')} + ${threshold('over_allocation_tolerance')}, 0.000001)`;

/** The same in percent as a row for configFromData; no row while one of the two is unknown. A step holds from its value on. */
export const OVER_ALLOCATED_SQL = `
SELECT 100 * sum(value) + 0.0001 AS over_allocated
  FROM portfolio_reporting.thresholds
 WHERE name IN ('conflict_over_allocation_threshold', 'over_allocation_tolerance')
HAVING count(*) = 2`;
