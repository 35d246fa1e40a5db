import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;

/** Waits until the condition holds, but not longer than this; whoever calls looks at what there is then. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition()) && Date.now() < deadline) await delay(POLL_MS);
}
