import { Worker } from 'node:worker_threads';
import { SqlError } from './grammar/sqlError.js';
import type { GrammarResult, GrammarTask } from './grammar/grammarTask.js';
import type { WorkerAnswer, WorkerQuestion } from './grammar/grammarWorker.js';

/** For what comes next of the same load; the grammar is worth 25 MiB. */
const IDLE_MS = 500;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  idle: NodeJS.Timeout | undefined;
}

let thread: Thread | null = null;
let last = 0;

/** Does the task in a thread that ends when nothing is left to do, so that the memory of the grammar goes with it. Throws as runGrammarTask. */
export async function runInThread<T extends GrammarTask>(task: T): Promise<GrammarResult<T>> {
  const own = (thread ??= startThread());
  clearTimeout(own.idle);
  const id = (last += 1);
  own.worker.ref();
  try {
    return await new Promise<GrammarResult<T>>((resolve, reject) => {
      // The worker answers each task with what it asks for.
      own.waiting.set(id, { resolve: (result) => resolve(result as GrammarResult<T>), reject });
      own.worker.postMessage({ id, task } satisfies WorkerQuestion);
    });
  } finally {
    own.waiting.delete(id);
    if (own.waiting.size === 0) {
      own.worker.unref();
      own.idle = setTimeout(() => end(own), IDLE_MS).unref();
    }
  }
}

function startThread(): Thread {
  const worker = new Worker(new URL('grammar/grammarWorker.js', import.meta.url));
  const own: Thread = { worker, waiting: new Map(), idle: undefined };
  worker.on('message', ({ id, problems, error, result }: WorkerAnswer) => {
    const waiting = own.waiting.get(id);
    if (problems !== undefined) waiting?.reject(new SqlError(problems));
    else if (error !== undefined) waiting?.reject(error);
    else waiting?.resolve(result);
  });
  const fail = (error: Error): void => {
    if (thread === own) thread = null;
    for (const { reject } of own.waiting.values()) reject(error);
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread of the SQL grammar ended')));
  return own;
}

function end(own: Thread): void {
  if (thread === own) thread = null;
  void own.worker.terminate();
}
