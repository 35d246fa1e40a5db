import { ownAlert, stillFiring } from '../shared/ownAlert.js';
import { calculate, max, or, time, unless } from '../shared/promql.js';
import { databaseDown, metric } from '../shared/selectors.js';
import { ago } from '../shared/texts.js';
import { portfolioExporterDown } from './portfolioExporterDown.js';

const NAME = 'PortfolioDatabaseDown';
const sinceComputed = calculate(time, '-', max(metric('instance_kpi:portfolio_kpi_computed_timestamp_seconds:seen')));

const value = ago(sinceComputed, 'last computed', 'not computed since the exporter started');

export const portfolioDatabaseDown = ownAlert({
  name: NAME,
  severity: 'critical',
  when: 'no exporter has reached PostgreSQL for 1 min',
  // An exporter that is gone, or has not asked yet, has not seen it back.
  condition: or(databaseDown, unless(max(stillFiring(NAME)), metric('portfolio_database_up'), []), []),
  for: '1m',
  // Until the KPIs are computed again, and over an exporter that restarts or, after two minutes, is told to be down.
  keepFiringFor: '3m',
  texts: () => ({
    summary: `PostgreSQL does not answer the portfolio exporter: ${value}`,
    description: `
      No exporter reaches the database. The numbers on /metrics and on the dashboards stay at their last values and grow old;
      alerts about the portfolio wait until it is back.`,
    value,
    limit: '1 min',
    nextStep: 'See whether PostgreSQL runs and accepts connections (pg_isready), then whether the exporter may log in.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioExporterDown],
});
