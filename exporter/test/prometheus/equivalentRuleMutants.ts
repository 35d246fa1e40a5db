/** max(...) == 0 */
const SUM_OF_FLAGS = { 'becomes sum: max': 'the sum of flags is 0 just where the greatest of them is' };

const ANY_VALUE = 'that there is a value counts, not which';

/** What goes on while nobody can tell that it is over. */
const carriedOn = (max: number): Readonly<Record<string, string>> => ({
  [`becomes min: max${max === 1 ? '' : ` (${max})`}`]: ANY_VALUE,
  [`becomes sum: max${max === 1 ? '' : ` (${max})`}`]: ANY_VALUE,
  'becomes min_over_time: last_over_time(up{job="portfolio-actions"}[1h])': ANY_VALUE,
});

/** max(...) > 0 */
const SUM_OF_COUNTS = 'the sum of counts is above 0 just where the greatest of them is';

/** 0 * max(up) */
const ZERO_FOR_EACH = {
  '* becomes /: 0 * max by (portfolio) (up{job="portfolio-exporter"})':
    'no number only while no exporter answers: nothing is compared with it then',
  'any value: job="portfolio-exporter"': 'where no exporter is scraped nothing is compared with it',
  'becomes min: max': 'its number is multiplied by 0',
  'becomes sum: max': 'its number is multiplied by 0',
};

const ONE_SERIES_EACH: Readonly<Record<string, string>> = {
  'becomes min: max': 'one series each, but for the minute in which a name changed',
  'becomes sum: max': 'one series each, but for the minute in which a name changed',
};

function addressed(matcher: string): Readonly<Record<string, string>> {
  return {
    ...ONE_SERIES_EACH,
    [`becomes min_over_time: last_over_time(portfolio:alert_about{alertname="SynergyInitiativeDelayed",${matcher}}[1m])`]:
      'a delay of days only grows, and is written in hours',
    'without initiative_id: (portfolio, initiative_id, milestone_id)': 'a milestone is of one initiative',
  };
}

/**
 * Mutants that no series can tell from the rule, or none that promtool can hold, each with the reason. A mutant that some
 * series would betray belongs in prometheus/tests instead. The test fails on an entry whose mutant is gone or is betrayed
 * after all.
 */
export const EQUIVALENT_RULE_MUTANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  PortfolioConfigNotRecorded: {
    'becomes min: max': ANY_VALUE,
    'becomes sum: max': ANY_VALUE,
  },
  Watchdog: {
    'becomes 0: 1': 'it fires by having a value, whatever value',
    'becomes 2: 1': 'it fires by having a value, whatever value',
    'without vector: vector(1)': 'an alert takes a number for a vector of one',
  },
  PortfolioDatabaseDown: {
    ...SUM_OF_FLAGS,
    'becomes min: max (2)': ANY_VALUE,
    'becomes sum: max (2)': ANY_VALUE,
  },
  // One for each threshold.
  PortfolioThresholdMissing: Object.fromEntries(
    ['', ' (2)', ' (3)', ' (4)', ' (5)', ' (6)', ' (7)', ' (8)', ' (9)', ' (10)'].flatMap((which) =>
      ['min', 'sum'].map((other) => [`becomes ${other}: max${which}`, ANY_VALUE]),
    ),
  ),
  PortfolioExporterDown: {
    'becomes min: max': ANY_VALUE,
    'becomes sum: max': ANY_VALUE,
    'becomes min_over_time: last_over_time(up{job="portfolio-exporter"}[1h])': ANY_VALUE,
    'becomes min_over_time: last_over_time(up{job="portfolio-exporter"}[1h]) (2)': ANY_VALUE,
    // Both sides have the same job.
    'any value: job="portfolio-exporter" (3)': 'only a series of the same job is matched',
    'without job: (job, instance)': 'both sides are of one job',
  },
  PortfolioActionsDown: {
    ...SUM_OF_FLAGS,
    'becomes sum: max (2)': SUM_OF_FLAGS['becomes sum: max'],
  },
  PortfolioActionsConfigReloadFailed: carriedOn(1),
  PortfolioActionsQueueLate: carriedOn(2),
  PortfolioMailUndelivered: { 'becomes sum: max (2)': SUM_OF_COUNTS, ...carriedOn(3) },
  PortfolioActionsJobsFailing: { 'becomes sum: max': SUM_OF_COUNTS, ...carriedOn(2) },
  PortfolioConfigReloadFailed: { 'becomes min: max': ANY_VALUE, 'becomes sum: max': ANY_VALUE },
  'InitiativeDashboardUnavailable (2)': SUM_OF_FLAGS,
  PortfolioKpiFailing: {
    'becomes min: max': ANY_VALUE,
    'becomes sum: max': ANY_VALUE,
    'becomes sum: max (2)': SUM_OF_FLAGS['becomes sum: max'],
    'becomes min: max (3)': ANY_VALUE,
    'becomes sum: max (3)': ANY_VALUE,
    'becomes sum: max (4)': SUM_OF_FLAGS['becomes sum: max'],
    'becomes min: max (5)': ANY_VALUE,
    'becomes sum: max (5)': ANY_VALUE,
    'becomes min: max (6)': ANY_VALUE,
    'becomes sum: max (6)': ANY_VALUE,
    'becomes sum: max (7)': SUM_OF_FLAGS['becomes sum: max'],
  },
  PortfolioHistoryNotWritten: {
    'becomes min: max': ANY_VALUE,
    'becomes sum: max': ANY_VALUE,
    'becomes sum: max (2)': SUM_OF_FLAGS['becomes sum: max'],
    'becomes min: max (3)': ANY_VALUE,
    'becomes sum: max (3)': ANY_VALUE,
    'becomes min: max (4)': ANY_VALUE,
    'becomes sum: max (4)': ANY_VALUE,
    'becomes min: max (5)': ANY_VALUE,
    'becomes sum: max (5)': ANY_VALUE,
    'becomes sum: max (6)': SUM_OF_FLAGS['becomes sum: max'],
  },
  PortfolioShardMissing: {
    ...SUM_OF_FLAGS,
    'becomes sum: count': ANY_VALUE,
    'becomes min: max (2)': ANY_VALUE,
    'becomes sum: max (2)': ANY_VALUE,
  },
  'instance_kpi:portfolio_kpi_computed_timestamp_seconds:seen': {
    '* becomes /: 0 * ( portfolio_kpi_last_success_timestamp_seconds != last_over_time(instance_kpi:portfolio_kpi_last_success_timestamp_seconds:known[1h]) )':
      '0 either way',
  },
  'kpi:portfolio_kpi_late:bool': {
    '- becomes +: 1 - (kpi:portfolio_kpi_fresh:bool == 0)': '0 is taken away or added',
    'becomes sum: max (2)': SUM_OF_FLAGS['becomes sum: max'],
    'becomes min: max (3)': 'an alert that fires is always 1',
    'becomes sum: max (4)': SUM_OF_FLAGS['becomes sum: max'],
    'becomes sum: max (5)': SUM_OF_FLAGS['becomes sum: max'],
    'any value: kpi!="" (2)': 'what it is matched with has a KPI',
    'another value: kpi!="" (2)': 'what it is matched with has a KPI',
  },
  'portfolio:alert_limit PortfolioDataQuality': ZERO_FOR_EACH,
  'portfolio:alert_limit PortfolioRollbackCondition': ZERO_FOR_EACH,
  'portfolio:alert_held': {
    ...ONE_SERIES_EACH,
    ...Object.fromEntries(
      ['check', 'condition', 'conflict_id', 'initiative_id', 'measure', 'milestone_id'].map((label) => [
        `without ${label}: (portfolio, alertname, kpi, check, condition, conflict_id, initiative_id, measure, milestone_id, resource_id)`,
        'only other alerts have it than the one whose tests these are',
      ]),
    ),
    'without alertname: (portfolio, alertname)': 'a contestant has the limits of one alert only',
    'becomes sum: max (2)': SUM_OF_FLAGS['becomes sum: max'],
  },
  'portfolio:alert_about': {
    'without alertname: (portfolio, alertname)': 'a contestant has one alert only',
    'without alertname: (portfolio, alertname) (2)': 'a contestant has one alert only',
  },
  'SynergyInitiativeDelayed (2)': addressed('owner_email!=""'),
  'SynergyInitiativeDelayed (3)': addressed('critical="true"'),
  'portfolio:alert_breach PortfolioPerformanceDegradation': {
    'becomes min: max': 'two exporters that looked in the same second saw the same rows',
    'becomes min: max (2)': 'two exporters that looked in the same second saw the same rows',
  },
  'kpi:portfolio_kpi_fresh:bool': {
    '* becomes /: 0 * max by (portfolio, kpi) (portfolio_kpi_acceptable_lag_seconds)': '0 either way',
    'becomes min: max (2)': 'its number is multiplied by 0',
    'becomes sum: max (2)': 'its number is multiplied by 0',
  },
  'kpi:portfolio_sla_met:bool': {
    'without kpi: (portfolio, kpi)':
      'while no exporter answers no KPI has a fresh gate, while one does none is carried on',
    'becomes sum: max (2)': SUM_OF_FLAGS['becomes sum: max'],
  },
  'portfolio:sla_observed:ratio_30d': {
    'becomes 2: 1': 'more than 43,200 samples in 30 days; promtool holds at most 10,000',
    'without clamp_max: clamp_max(count_over_time(kpi:portfolio_sla_met:bool[30d]) / (30 * 24 * 60), 1)':
      'more than 43,200 samples in 30 days; promtool holds at most 10,000',
  },
};
