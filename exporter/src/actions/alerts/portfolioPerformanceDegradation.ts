import { cancelWhenOver } from '../meetings/cancelWhenOver.js';
import { reviewPerformance } from '../performance/reviewPerformance.js';
import type { AlertActions } from './alertActions.js';

/** Source: metrics document, "Alert 1". The message to Slack is Alertmanager's. */
export const portfolioPerformanceDegradation: AlertActions = {
  alertname: 'PortfolioPerformanceDegradation',
  opened: reviewPerformance,
  closed: (moment) =>
    cancelWhenOver(moment, 'performance_review', 'revenue and profit are back within the limit of the alert.'),
};
