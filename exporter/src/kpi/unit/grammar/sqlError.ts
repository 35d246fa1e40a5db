import { ExplainedError } from '../../../yaml/explainedError.js';

/** Something wrong at a place of a SQL file; `line` and `column` count from 1. */
export interface SqlProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The SQL of a unit cannot be used; every problem at once. */
export class SqlError extends ExplainedError {
  override readonly name = 'SqlError';
  readonly problems: readonly SqlProblem[];

  constructor(problems: readonly SqlProblem[]) {
    super(problems.map((problem) => `${problem.line}:${problem.column}: ${problem.message}`).join('\n'));
    this.problems = problems;
  }
}
