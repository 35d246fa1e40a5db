import { writeSync } from 'node:fs';
import pino from 'pino';
import type { Logger } from 'pino';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export const LOG_FORMATS = ['logfmt', 'json'] as const;

export interface LogOptions {
  readonly level: (typeof LOG_LEVELS)[number];
  readonly format: (typeof LOG_FORMATS)[number];
}

/** File descriptor of stderr: stdout is for a command's results. */
const STDERR = 2;

/** Structured lines on stderr with `time`, `level` and `msg`; flags and formats as in Prometheus' exporter-toolkit. */
export function createLogger(options: LogOptions, write: (line: string) => void = writeToStderr): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      // An error object may carry a connection string or a row; what may be said of it is said in `reason`.
      serializers: {
        err: (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'),
      },
    },
    { write: options.format === 'json' ? write : (line) => write(toLogfmt(line)) },
  );
}

/** One event is one line, also where a message of the server has several: quoted as Prometheus and the Go libraries do. */
function toLogfmt(json: string): string {
  const fields = JSON.parse(json) as Record<string, unknown>;
  return `${Object.entries(fields)
    .map(([key, value]) => `${key}=${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join(' ')}\n`;
}

const quoted = (text: string): string => (text === '' || /[\s"=\\\p{Cc}]/u.test(text) ? JSON.stringify(text) : text);

function writeToStderr(line: string): void {
  try {
    writeSync(STDERR, line);
  } catch {
    // Whoever reads stderr is slow (EAGAIN) or gone (EPIPE): a log line is no reason to stop measuring.
  }
}
