import { carriedOn, carriedOnUnassigned, firing, ownAlert } from '../shared/ownAlert.js';
import { and, calculate, max, time, union, unless, where } from '../shared/promql.js';
import { databaseDown, lastAttempt, lastSuccess, metric, OF_THIS_ALERT } from '../shared/selectors.js';
import { ago, onStandby } from '../shared/texts.js';
import { portfolioDatabaseDown } from './portfolioDatabaseDown.js';
import { portfolioExporterDown } from './portfolioExporterDown.js';

const NAME = 'PortfolioHistoryNotWritten';
const pending = metric('portfolio_kpi_history_pending_records');
const recorded = metric('portfolio_kpi_history_last_success_timestamp_seconds');
const reachesDatabase = where(metric('portfolio_database_up'), '==', 1);

const notWritten = unless(
  unless(
    max(where(pending, '>', 0), 'kpi'),
    and(where(where(lastAttempt, '==', lastSuccess), '==', recorded), reachesDatabase, ['job', 'instance']),
    ['kpi'],
  ),
  databaseDown,
  [],
);
const notSeenWritten = max(
  and(
    firing(NAME),
    unless(pending, and(where(lastSuccess, '==', recorded), reachesDatabase, ['job', 'instance']), ['kpi']),
    ['kpi'],
  ),
  'kpi',
);
const sinceRecorded = calculate(
  time,
  '-',
  max(metric('portfolio_kpi_history_last_success_timestamp_seconds', { kpi: OF_THIS_ALERT })),
);

const value = ago(sinceRecorded, 'last recorded', 'not recorded since the exporter started');

/**
 * One exporter that writes is enough, as all write the same rows: its newest try succeeded and is recorded. Each exporter's run
 * is compared with its own record: their clocks may differ. One that lost its database may have recorded all that it knows, and
 * one that has just started has recorded nothing yet: neither has seen the end.
 */
export const portfolioHistoryNotWritten = ownAlert({
  name: NAME,
  severity: 'high',
  when: 'a KPI is computed, and for 5 min no exporter has got its record into `kpi_history`',
  condition: union(notWritten, notSeenWritten, carriedOn(NAME, 'kpi'), carriedOnUnassigned(NAME)),
  // A try that failed is repeated after a second, then ever later, at most after a minute.
  for: '5m',
  keepFiringFor: '5m',
  texts: ({ label }) => ({
    summary: `The history of ${label('kpi')} is not written: ${value}`,
    description: `
      ${label('kpi')} is computed, but PostgreSQL does not take its record into kpi_history.${onStandby}
      Trends have a gap, and the alerts that count months read the record. The exporter keeps the last value of each of seven days
      and goes on trying; a restart loses them.`,
    value,
    limit: '5 min',
    nextStep: "Read the reason on the exporter's status page: a missing right, a full disk, a standby, or a lock.",
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioExporterDown, portfolioDatabaseDown],
});
