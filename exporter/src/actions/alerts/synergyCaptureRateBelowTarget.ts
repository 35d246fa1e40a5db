import { cancelWhenOver } from '../meetings/cancelWhenOver.js';
import type { AlertActions } from './alertActions.js';

/** A section of the monthly digest (source: metrics document, "Alert 4"), with the invitation to a meeting. */
export const synergyCaptureRateBelowTarget: AlertActions = {
  alertname: 'SynergyCaptureRateBelowTarget',
  closed: (moment) =>
    cancelWhenOver(moment, 'strategy_review', 'the synergy capture rate is back above the limit of the alert.'),
};
