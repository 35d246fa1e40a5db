import { ExplainedError } from '../yaml/explainedError.js';

/** A snapshot that is not there, or a name that cannot be one. */
export class SnapshotError extends ExplainedError {
  override readonly name = 'SnapshotError';
}
