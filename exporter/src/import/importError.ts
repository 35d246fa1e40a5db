import { ExplainedError } from '../yaml/explainedError.js';

/** Nothing of a file was loaded, for a reason that is not a row of it. */
export class ImportError extends ExplainedError {
  override readonly name = 'ImportError';
}
