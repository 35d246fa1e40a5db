import { ExplainedError } from './explainedError.js';

/**
 * One thing wrong with an input file, said so that a person can mend it.
 * `line` and `column` count from 1; `path` is the dotted path inside the document ('' for the whole file).
 */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  /** What is wrong and, where it is known, the fix. */
  readonly message: string;
}

/** Every problem of an input at once; nothing of that input takes effect. */
export class ConfigError extends ExplainedError {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join('\n'), options);
    this.problems = problems;
  }
}

/** `file:line:column: path: message`, the form that editors and terminals make a link of. */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return problem.path === '' ? `${place}: ${problem.message}` : `${place}: ${problem.path}: ${problem.message}`;
}
