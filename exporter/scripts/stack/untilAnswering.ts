import { setTimeout as delay } from 'node:timers/promises';
import type { SupervisedProgram } from './supervise.js';

const PATIENCE_MS = 120_000;

/** A program of the stack that did not start, or ended by itself; the message has its last lines. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';

  constructor(program: Pick<SupervisedProgram, 'name' | 'output'>, what: string) {
    super(`${program.name} ${what}; its last lines:\n${program.output()}`);
  }
}

/** Resolves when the address answers 200 or the signal is aborted. Throws ProgramError when the program ends before. */
export async function untilAnswering(url: string, program: SupervisedProgram, signal: AbortSignal): Promise<void> {
  const state: { how: string | null } = { how: null };
  void program.ended.then((how) => (state.how = how));
  const deadline = Date.now() + PATIENCE_MS;
  while (!signal.aborted) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (state.how !== null) throw new ProgramError(program, state.how);
    if (isUp) return;
    if (Date.now() > deadline) throw new ProgramError(program, `did not answer within ${PATIENCE_MS / 1000} s`);
    await delay(100);
  }
}
