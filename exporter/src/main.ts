import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from './cli/program.js';
import type { Io } from './app/io.js';

/** npm and the terminal both pass Ctrl-C on: two signals within this time are one wish. */
const SAME_WISH_MS = 1_000;

const shutdown = new AbortController();
let askedAt = Number.POSITIVE_INFINITY;
let askedBy: NodeJS.Signals | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks, a later one insists.
    if (shutdown.signal.aborted && performance.now() - askedAt > SAME_WISH_MS) void end(1);
    askedAt = Math.min(askedAt, performance.now());
    askedBy = signal;
    shutdown.abort();
  });
}

const isHeldUp = (): boolean =>
  process.getActiveResourcesInfo().some((name) => /^(FSReq|GetAddrInfo|GetNameInfo)/.test(name));

/**
 * Ends the process now. Node.js itself waits for its threads, and one of them may wait for a name server that never answers:
 * then the signal that asked for the end does what it does to any program. What a thread is about to finish has a moment.
 */
async function end(code: number): Promise<void> {
  const givenUpAt = performance.now() + 500;
  while (askedBy !== null && isHeldUp() && performance.now() < givenUpAt) await delay(10);
  if (askedBy !== null && isHeldUp()) {
    process.removeAllListeners(askedBy);
    process.kill(process.pid, askedBy);
  }
  process.exit(code);
}

const io: Io = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  shutdown: shutdown.signal,
  onHangup(callback) {
    process.on('SIGHUP', callback);
    return () => process.off('SIGHUP', callback);
  },
};

// A reader that went away (`| head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

// Whatever a failed start left open must not keep a dead exporter alive: its supervisor restarts what has ended.
await end(await runProgram(process.argv.slice(2), io));
