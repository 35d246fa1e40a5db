import { setTimeout as delay } from 'node:timers/promises';
import type { ChildProgram } from '../childProgram.js';

/** Of a machine that starts ten programs at once beside other tests. */
const PATIENCE_MS = 180_000;

/** Resolves when the address answers 200; throws with the program's last lines when it does not within three minutes. */
export async function untilAnswering(url: string, program: ChildProgram): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await delay(50);
  }
  throw new Error(`${url} did not answer:\n${program.output()}`);
}
