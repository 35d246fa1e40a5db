import { runProgram } from './cli/program.js';
import type { Io } from './cli/io.js';

/** npm and the terminal both pass Ctrl-C on: two signals within this time are one wish. */
const SAME_WISH_MS = 1_000;

const shutdown = new AbortController();
let askedAt = Number.POSITIVE_INFINITY;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks, a later one insists.
    if (shutdown.signal.aborted && performance.now() - askedAt > SAME_WISH_MS) process.exit(1);
    askedAt = Math.min(askedAt, performance.now());
    shutdown.abort();
  });
}

const io: Io = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
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
process.exit(await runProgram(process.argv.slice(2), io));
