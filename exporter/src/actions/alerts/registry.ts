import type { AlertActions } from './alertActions.js';
import type { AlertName } from './businessAlerts.js';
import { coordinationOverheadExceedsThreshold } from './coordinationOverheadExceedsThreshold.js';
import { portfolioPerformanceDegradation } from './portfolioPerformanceDegradation.js';
import { resourceConflictDetected } from './resourceConflictDetected.js';
import { synergyCaptureRateBelowTarget } from './synergyCaptureRateBelowTarget.js';
import { synergyInitiativeDelayed } from './synergyInitiativeDelayed.js';

/** What each alert sets off; of the others only the episodes are kept. */
export const ALERT_ACTIONS: ReadonlyMap<AlertName, AlertActions> = new Map(
  [
    portfolioPerformanceDegradation,
    synergyInitiativeDelayed,
    resourceConflictDetected,
    synergyCaptureRateBelowTarget,
    coordinationOverheadExceedsThreshold,
  ].map((actions) => [actions.alertname, actions]),
);
