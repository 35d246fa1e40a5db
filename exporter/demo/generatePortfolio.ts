import { demoCalendar } from './demoCalendar.js';
import { portfolioConflicts } from './portfolioConflicts.js';
import { portfolioDelays } from './portfolioDelays.js';
import { portfolioInitiatives } from './portfolioInitiatives.js';
import { portfolioOpportunities } from './portfolioOpportunities.js';
import { portfolioResources } from './portfolioResources.js';
import type { Portfolio } from './portfolioRows.js';
import { portfolioUsage } from './portfolioUsage.js';
import { portfolioValue } from './portfolioValue.js';
import { portfolioVentures } from './portfolioVentures.js';

const DEFAULT_SEED = 39;

export interface PortfolioInput {
  /** The date of `now` in the time zone that the exporter works in, as YYYY-MM-DD. */
  readonly today: string;
  readonly now: Date;
  readonly seed?: number;
}

/**
 * The demo portfolio: eight ventures, eighteen months, everything relative to the present, nothing after it. Pure: the
 * same input gives the same rows, keys included. Throws RangeError when `today` cannot be the date of `now`.
 */
export function generatePortfolio({ today, now, seed = DEFAULT_SEED }: PortfolioInput): Portfolio {
  const calendar = demoCalendar(today, now);
  return {
    ...portfolioVentures(calendar, seed),
    ...portfolioOpportunities(calendar, seed),
    ...portfolioInitiatives(calendar),
    ...portfolioDelays(calendar),
    ...portfolioResources(calendar),
    value_capture_log: portfolioValue(calendar, seed),
    venture_resource_usage: portfolioUsage(calendar, seed),
    resource_conflicts: portfolioConflicts(calendar, seed),
  };
}
