import { SqlError } from './sqlError.js';
import type { SqlProblem } from './sqlError.js';
import { runGrammarTask } from './grammarTask.js';
import type { GrammarTask } from './grammarTask.js';

/** A question to this program; `id` comes back with the answer. */
export interface GrammarQuestion {
  readonly id: number;
  readonly task: GrammarTask;
}

/** One of the three. */
export interface GrammarAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly problems?: readonly SqlProblem[];
  readonly error?: string;
}

async function answer({ id, task }: GrammarQuestion): Promise<GrammarAnswer> {
  try {
    return { id, result: await runGrammarTask(task) };
  } catch (error) {
    // Errors lose their class on the way.
    if (error instanceof SqlError) return { id, problems: error.problems };
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

// Started by grammarProcess.ts; it ends with the channel, which the other side closes.
process.on('message', (question: GrammarQuestion) => {
  void answer(question).then((one) => process.send?.(one));
});
