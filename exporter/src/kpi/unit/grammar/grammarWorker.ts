import { parentPort } from 'node:worker_threads';
import { SqlError } from './sqlError.js';
import type { SqlProblem } from './sqlError.js';
import { runGrammarTask } from './grammarTask.js';
import type { GrammarTask } from './grammarTask.js';

/** A question to the worker; `id` comes back with the answer. */
export interface WorkerQuestion {
  readonly id: number;
  readonly task: GrammarTask;
}

/** One of the three. */
export interface WorkerAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly problems?: readonly SqlProblem[];
  readonly error?: unknown;
}

async function answer({ id, task }: WorkerQuestion): Promise<WorkerAnswer> {
  try {
    return { id, result: await runGrammarTask(task) };
  } catch (error) {
    // Errors lose their class on the way.
    return error instanceof SqlError ? { id, problems: error.problems } : { id, error };
  }
}

parentPort?.on('message', (question: WorkerQuestion) => {
  void answer(question).then((one) => parentPort?.postMessage(one));
});
