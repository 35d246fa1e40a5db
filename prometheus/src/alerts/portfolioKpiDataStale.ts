import { lateAlert } from '../shared/lateAlert.js';

export const portfolioKpiDataStale = lateAlert({
  name: 'PortfolioKpiDataStale',
  severity: 'high',
  kpis: 'others',
  texts: ({ label }) => ({
    subject: `KPI ${label('kpi')}`,
    consequence: 'Panels show its last number.',
    nextStep: `Look at the error of ${label('kpi')} on the exporter's status page, then at the newest rows of its tables.`,
  }),
});
