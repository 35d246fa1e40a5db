import { KpiResultError } from './unit.js';
import type { KpiUnit } from './unit.js';

/** On an average a series may take this much, on the wire and on the page; shipped KPIs take a fifth. */
const BYTES_PER_SERIES = 2 * 1024;
/** For what does not grow with the rows: the description of the columns, an error's text. */
const BYTES_BESIDE_SERIES = 256 * 1024;

/** How many bytes the server may send for one run of a KPI, and how many its samples may take on the page. */
export function maxResultBytes(unit: Pick<KpiUnit, 'maxSeries'>): number {
  return BYTES_BESIDE_SERIES + unit.maxSeries * BYTES_PER_SERIES;
}

export function tooManyBytes(unit: KpiUnit): KpiResultError {
  return new KpiResultError(
    `more than ${maxResultBytes(unit)} bytes, what ${unit.maxSeries} series (max_series of ${unit.name}) may take; ` +
      'narrow the query, shorten its labels, or raise max_series',
  );
}

export function tooManySeries(unit: KpiUnit): KpiResultError {
  return new KpiResultError(
    `more than ${unit.maxSeries} series (rows times metrics with a value), the max_series of ${unit.name}; ` +
      'narrow the query (is a join condition missing?) or raise max_series',
  );
}
