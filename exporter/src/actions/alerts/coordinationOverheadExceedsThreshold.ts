import type { AlertActions } from './alertActions.js';

/** A section of the monthly digest (source: metrics document, "Alert 5"). */
export const coordinationOverheadExceedsThreshold: AlertActions = {
  alertname: 'CoordinationOverheadExceedsThreshold',
};
