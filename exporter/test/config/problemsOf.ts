import { ConfigError, formatProblem } from '../../src/yaml/problem.js';

/** The problems that an action throws, as a person sees them; fails when it throws none or something else. */
export function problemsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map(formatProblem);
    }
    throw error;
  }
  throw new Error('expected a ConfigError, but nothing was thrown');
}
