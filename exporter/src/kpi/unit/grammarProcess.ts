import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SqlError } from './grammar/sqlError.js';
import type { GrammarResult, GrammarTask } from './grammar/grammarTask.js';
import type { GrammarAnswer, GrammarQuestion } from './grammar/grammarProgram.js';

/** For what comes next of the same load. */
const IDLE_MS = 500;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Helper {
  readonly child: ChildProcess;
  readonly waiting: Map<number, Waiting>;
  idle: NodeJS.Timeout | undefined;
}

let helper: Helper | null = null;
let last = 0;

/**
 * Does the task in a process that ends when nothing is left to do: all that the grammar took goes with it, and none of it is in the
 * peak of this one. Throws as runGrammarTask, and Error where the process cannot be started.
 */
export async function runInProcess<T extends GrammarTask>(task: T): Promise<GrammarResult<T>> {
  const own = (helper ??= startHelper());
  clearTimeout(own.idle);
  hold(own);
  const id = (last += 1);
  try {
    return await new Promise<GrammarResult<T>>((resolve, reject) => {
      // It answers each task with what that asks for.
      own.waiting.set(id, { resolve: (result) => resolve(result as GrammarResult<T>), reject });
      own.child.send({ id, task } satisfies GrammarQuestion, (error) => {
        if (error !== null) reject(error);
      });
    });
  } finally {
    own.waiting.delete(id);
    if (own.waiting.size === 0) {
      release(own);
      own.idle = setTimeout(() => end(own), IDLE_MS).unref();
    }
  }
}

function startHelper(): Helper {
  const child = fork(fileURLToPath(new URL('grammar/grammarProgram.js', import.meta.url)), {
    // V8 would optimise the grammar (WebAssembly) and take 700 MB for it.
    execArgv: ['--liftoff-only'],
    // Nothing of the environment is its business, passwords least.
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const own: Helper = { child, waiting: new Map(), idle: undefined };
  child.on('message', ({ id, problems, error, result }: GrammarAnswer) => {
    const waiting = own.waiting.get(id);
    if (problems !== undefined) waiting?.reject(new SqlError(problems));
    else if (error !== undefined) waiting?.reject(new Error(error));
    else waiting?.resolve(result);
  });
  const fail = (error: Error): void => {
    if (helper === own) helper = null;
    for (const { reject } of own.waiting.values()) reject(error);
  };
  child.on('error', fail);
  child.on('exit', (code, signal) =>
    fail(new Error(`the process that reads SQL ended (${signal ?? `exit code ${String(code)}`})`)),
  );
  return own;
}

function hold({ child }: Helper): void {
  child.ref();
  child.channel?.ref();
}

function release({ child }: Helper): void {
  child.unref();
  child.channel?.unref();
}

function end(own: Helper): void {
  if (helper === own) helper = null;
  if (own.child.connected) own.child.disconnect();
}
