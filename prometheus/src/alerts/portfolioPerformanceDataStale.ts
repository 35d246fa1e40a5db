import { lateAlert } from '../shared/lateAlert.js';

export const portfolioPerformanceDataStale = lateAlert({
  name: 'PortfolioPerformanceDataStale',
  severity: 'high',
  kpis: ['portfolio_performance'],
  texts: () => ({
    summary: 'Portfolio performance data are too old',
    late: "The portfolio's revenue, profit and users are older than they may be.",
    nextStep:
      "See whether the daily load of venture_metrics ran; if it did, look at the error of portfolio_performance on the exporter's status page.",
  }),
});
