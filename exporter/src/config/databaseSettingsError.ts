import { ExplainedError } from '../yaml/explainedError.js';

/** The settings of the database contradict each other, are wrong, or name a file that cannot be used; no secret is in it. */
export class DatabaseSettingsError extends ExplainedError {
  override readonly name = 'DatabaseSettingsError';
}
