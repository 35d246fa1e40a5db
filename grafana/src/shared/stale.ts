import type { DataTransformerConfig, MatcherConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { byQuery, configFromData } from './configFromData.js';
import { durationInWords } from './limit.js';
import { instantQuery } from './promQuery.js';

/** Of a number that is too old to be judged. */
export const GREY = '#8e8e8e';

/** What a tile says of a database without rows: the next step stands beside it. */
export const NO_DATA = 'no data yet';
export const LOAD_ROWS = 'load rows: docs/data-flow.md';

/**
 * The age of a KPI in seconds where it is beyond its service level, else nothing.
 * @param kpi its name; several: `one|other`, of which the oldest counts that is beyond its own
 */
export const staleAge = (kpi: string): string =>
  `max(kpi:portfolio_kpi_age_seconds:max{kpi=~"${kpi}"} and on (kpi) (max by (kpi) (kpi:portfolio_kpi_fresh:bool{kpi=~"${kpi}"}) == 0))`;

/** That age in words, as the label `label`: `data 3.2 d old`. */
export const staleInWords = (kpi: string): string => durationInWords(staleAge(kpi), 'data', ' old');

/** A limit that holds while the KPI is within its service level: an old number is neither good nor bad. */
export const unlessStale = (limit: string, kpi: string): string => `(${limit}) unless on () ${staleAge(kpi)}`;

/** In place of a text about the number, how old it is where that is too old. */
export const orItsAge = (text: string, kpi: string): string => `${staleInWords(kpi)} or on () (${text})`;

/** The query of the step from which on a number is grey; every number is beyond it. */
export const staleQuery = (kpi: string): DataqueryBuilder => instantQuery('stale', `0 * ${staleAge(kpi)} - 1e15`);

/** Makes the number of the query A grey where staleQuery answers. */
export const greyWhereStale = (): DataTransformerConfig =>
  configFromData('stale', byQuery('A'), [{ column: 'Value #stale', as: { color: GREY } }]);

/** The same of columns of rows, beside whose query staleQuery is the only one to Prometheus. After what else colours them. */
export const greyColumns = (columns: MatcherConfig): DataTransformerConfig =>
  configFromData('stale', columns, [{ column: 'Value', as: { color: GREY } }]);
