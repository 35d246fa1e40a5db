import { and, calculate, clampMax, max, or, over, time, unless, whether, where } from '../shared/promql.js';
import { databaseDown, exporterUp, portfolioKnown, metric, PRESENT, unassigned } from '../shared/selectors.js';
import { record } from '../shared/rule.js';
import type { RuleGroup } from '../shared/rule.js';

const COMPUTED = 'instance_kpi:portfolio_kpi_computed_timestamp_seconds:seen';
const NEWEST_COMPUTED = 'kpi:portfolio_kpi_computed_timestamp_seconds:max';
const KNOWN = 'instance_kpi:portfolio_kpi_last_success_timestamp_seconds:known';
const success = metric('portfolio_kpi_last_success_timestamp_seconds');
const computed = metric(COMPUTED);
const AGE = 'kpi_clock:portfolio_kpi_age_seconds:min';
const age = metric(AGE);
const OLDEST = 'kpi:portfolio_kpi_age_seconds:max';
const oldest = metric(OLDEST);
const lag = max(metric('portfolio_kpi_acceptable_lag_seconds'), 'kpi');
const isFresh = metric('kpi:portfolio_kpi_fresh:bool');
const told = metric('ALERTS', { class: 'sla', kpi: PRESENT, alertstate: 'firing' });
const met = metric('kpi:portfolio_sla_met:bool');

/**
 * When a KPI was computed, by the clock of Prometheus: the moment at which the exporter's timestamp was seen to change. So a
 * clock that is wrong or is set, in either direction, mutes and ages nothing, and a timestamp in the future grows old like any
 * other. An hour is remembered: over scrapes that fail, and over a restart of Prometheus. What is seen for the first time may
 * be old: its own number counts, but never a future one.
 */
const seen = record(
  COMPUTED,
  or(
    or(
      calculate(calculate(0, '*', where(success, '!=', over('last_over_time', metric(KNOWN), '1h'))), '+', time),
      and(over('last_over_time', computed, '1h'), success),
    ),
    clampMax(success, time),
  ),
);

/**
 * 1 for the exporter that computed the KPI last. Numbers are read from that one: another replica may still serve what it saw
 * before it lost its database, and its old number would raise an alert or hide its end. Such a replica does not take over at
 * once when the other one restarts either: for four minutes, less than keep_firing_for, nobody is the newest.
 */
const newest = record(
  'instance_kpi:portfolio_kpi_newest:bool',
  whether(computed, '==', max(over('max_over_time', computed, '4m'), 'kpi')),
);

/** When any exporter computed the KPI last, also one that is gone: only who computed it then or later has seen an end. */
const newestComputed = record(NEWEST_COMPUTED, max(or(computed, metric(NEWEST_COMPUTED)), 'kpi'));

/** 0 as well where the KPI was never computed since the exporter started. */
const fresh = record('kpi:portfolio_kpi_fresh:bool', or(whether(oldest, '<=', lag), calculate(0, '*', lag), ['kpi']));

/**
 * What an alert about late data is to be told of. While no exporter answers or reaches the database, or a KPI's shard does not,
 * nobody can tell, so what was told before goes on; PortfolioExporterDown, PortfolioDatabaseDown or PortfolioShardMissing says
 * the rest once, in place of an alert a KPI.
 */
const late = record(
  'kpi:portfolio_kpi_late:bool',
  or(
    unless(
      and(
        calculate(1, '-', where(isFresh, '==', 0)),
        where(max(metric('portfolio_kpi_lag_alert_enabled'), 'kpi'), '==', 1),
        ['kpi'],
      ),
      databaseDown,
      [],
    ),
    max(
      or(
        unless(and(told, portfolioKnown, []), unless(exporterUp, databaseDown, []), []),
        and(told, unassigned, ['kpi']),
      ),
      'kpi',
    ),
  ),
);

/**
 * While no exporter answers, the service level is not met: the KPIs of the last minute are carried on as 0; so it is for the KPIs
 * of a shard that does not answer. A KPI that a running exporter no longer has, and leaves to no other, is gone.
 */
const slaMet = record(
  'kpi:portfolio_sla_met:bool',
  or(
    or(
      isFresh,
      unless(
        and(calculate(0, '*', met), portfolioKnown, []),
        where(max(metric('up', { job: 'portfolio-exporter' })), '==', 1),
        [],
      ),
      ['kpi'],
    ),
    unassigned,
    ['kpi'],
  ),
);

/**
 * How old each KPI is, whether that is within its service level, and which exporter computed it last. Two clocks count, the
 * exporter's last success and the timestamp of the data itself; the older one decides.
 */
export const FRESHNESS: readonly RuleGroup[] = [
  {
    name: 'portfolio-freshness',
    // As often as the exporter is scraped: the alert on resource conflicts reads these within seconds.
    interval: '5s',
    rules: [
      seen,
      record(KNOWN, success),
      newest,
      newestComputed,
      record(AGE, calculate(time, '-', max(computed, 'kpi')), { clock: 'exporter' }),
      record(AGE, calculate(time, '-', max(metric('portfolio_kpi_data_timestamp_seconds'), 'kpi')), {
        clock: 'data',
      }),
      record(OLDEST, max(age, 'kpi')),
      fresh,
      late,
    ],
  },
  {
    name: 'portfolio-sla',
    // One sample a minute: an average over 30 days then reads 43,200 samples a KPI, not half a million.
    interval: '1m',
    rules: [
      slaMet,
      // Needs --storage.tsdb.retention.time of more than 30 days (the default is 15); how much of them was seen says the next.
      record('portfolio:sla_compliance:ratio_30d', over('avg_over_time', met, '30d')),
      record(
        'portfolio:sla_observed:ratio_30d',
        clampMax(calculate(over('count_over_time', met, '30d'), '/', calculate(calculate(30, '*', 24), '*', 60)), 1),
      ),
    ],
  },
];
