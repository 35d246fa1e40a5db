import { carriedOn, carriedOnUnassigned, firing, ownAlert } from '../shared/ownAlert.js';
import { and, calculate, max, over, sum, time, union, unless, where } from '../shared/promql.js';
import { databaseDown, lastAttempt, lastSuccess, metric, noneOf, OF_THIS_ALERT } from '../shared/selectors.js';
import { ago, withQuery } from '../shared/texts.js';
import { portfolioDatabaseDown } from './portfolioDatabaseDown.js';
import { portfolioExporterDown } from './portfolioExporterDown.js';

const NAME = 'PortfolioKpiFailing';
const lag = metric('portfolio_kpi_acceptable_lag_seconds');

const failing = unless(
  unless(max(lastAttempt, 'kpi'), where(lastAttempt, '==', lastSuccess), ['kpi']),
  databaseDown,
  [],
);
/** Until a KPI is tried again nobody can tell that it is well. */
const untried = max(and(firing(NAME), unless(lag, unless(lastAttempt, databaseDown, []), ['kpi']), ['kpi']), 'kpi');

const failures = where(
  sum(
    over(
      'increase',
      metric('portfolio_kpi_runs_total', { kpi: OF_THIS_ALERT, result: noneOf('success', 'skipped') }),
      '1h',
    ),
    'result',
  ),
  '>',
  0,
);
const results = withQuery(
  failures,
  ' Results in the last hour:{{ range sortByLabel "result" . }} {{ .Labels.result }}{{ end }}.',
);
const sinceSuccess = calculate(
  time,
  '-',
  max(metric('instance_kpi:portfolio_kpi_computed_timestamp_seconds:seen', { kpi: OF_THIS_ALERT })),
);

const value = ago(sinceSuccess, 'last success', 'no success since the exporter started');

/**
 * No exporter succeeded at its newest try; a KPI that runs every hour is found failing ten minutes later, not ten hours. A
 * success bears the time of its try. Each exporter's try is compared with its own success: their clocks may differ, and one that
 * lost its database tries on while the other computes. Without the database all of them fail: PortfolioDatabaseDown says so, and
 * they have their ten minutes when it is back.
 */
export const portfolioKpiFailing = ownAlert({
  name: NAME,
  severity: 'high',
  when: 'the newest run of a KPI has failed on every exporter for 10 min',
  condition: union(failing, untried, carriedOn(NAME, 'kpi'), carriedOnUnassigned(NAME)),
  for: '10m',
  keepFiringFor: '15m',
  texts: ({ label }) => ({
    summary: `The KPI ${label('kpi')} cannot be computed: ${value}`,
    description: `
      The newest run of ${label('kpi')} failed; its last good values stay and grow old.${results}`,
    value,
    limit: '10 min',
    nextStep: `Read the error on the exporter's status page, or run portfolio-exporter run ${label('kpi')}.`,
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioExporterDown, portfolioDatabaseDown],
});
