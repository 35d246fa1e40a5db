import { lateAlert } from '../shared/lateAlert.js';

export const portfolioKpiDataStale = lateAlert({
  name: 'PortfolioKpiDataStale',
  severity: 'high',
  kpis: 'others',
  texts: ({ label }) => ({
    summary: `The KPI ${label('kpi')} is too old`,
    late: `The KPI ${label('kpi')} is older than it may be.`,
    nextStep: `Look at the error of ${label('kpi')} on the exporter's status page, then at the newest rows of its tables.`,
  }),
});
