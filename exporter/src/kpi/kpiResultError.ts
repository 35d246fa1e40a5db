import { ExplainedError } from '../config/explainedError.js';

/**
 * The rows of a KPI break its contract: a missing, extra or non-numeric column, a value that is not finite, a duplicate
 * label set, too many rows. Messages name columns and row numbers, never what stands in a row: they go into logs.
 */
export class KpiResultError extends ExplainedError {
  override readonly name = 'KpiResultError';
}
