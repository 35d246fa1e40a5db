import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { initiativeTracking } from './initiativeTracking.js';
import { portfolioOperations } from './portfolioOperations.js';
import { portfolioOverview } from './portfolioOverview.js';
import { portfolioPerformance } from './portfolioPerformance.js';
import { resourceEfficiency } from './resourceEfficiency.js';
import { synergyValue } from './synergyValue.js';

/** The dashboards in the order in which they are read, those of the metrics document behind the overview; each file in grafana/dashboards bears its uid. */
export const BUILDERS: readonly (() => Dashboard)[] = [
  portfolioOverview,
  portfolioPerformance,
  synergyValue,
  resourceEfficiency,
  initiativeTracking,
  portfolioOperations,
];
