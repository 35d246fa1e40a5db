import { lateAlert } from '../shared/lateAlert.js';

export const portfolioPerformanceDataStale = lateAlert({
  name: 'PortfolioPerformanceDataStale',
  severity: 'high',
  kpis: ['portfolio_performance'],
  texts: () => ({
    subject: 'Portfolio performance',
    consequence: 'Revenue, profit and users of the portfolio are not known as they are now.',
    nextStep:
      "See whether the daily load of venture_metrics ran; if it did, look at the error of portfolio_performance on the exporter's status page.",
  }),
});
