import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { initiativeTracking } from './initiativeTracking.js';
import { portfolioOperations } from './portfolioOperations.js';
import { portfolioPerformance } from './portfolioPerformance.js';
import { resourceEfficiency } from './resourceEfficiency.js';
import { synergyValue } from './synergyValue.js';

/** The dashboards in the order of the metrics document; each file in grafana/dashboards bears its uid. */
export const BUILDERS: readonly (() => Dashboard)[] = [
  portfolioPerformance,
  synergyValue,
  resourceEfficiency,
  initiativeTracking,
  portfolioOperations,
];
