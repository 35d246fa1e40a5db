/** The base units a number may have; a metric's name ends in the unit's suffix where Prometheus has one. */
export type MetricUnit = 'ratio' | 'seconds' | 'dollars' | 'timestamp_seconds' | 'count' | 'score';

/** What a unit leaves open: seconds of work are hours, not days of 24; a count that is 1 or 0 is yes or no. */
export type ShownAs = 'working_time' | 'yes_no';
