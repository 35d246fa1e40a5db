import { parseMetrics, valueOf } from './metricsText.js';
import type { TextSample } from './metricsText.js';
import { startCommand } from './runCommand.js';
import { startProgram } from './startProgram.js';
import type { Finished, RunningProgram } from './startProgram.js';

export interface ServeOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Besides --web.listen-address, which is a free port of 127.0.0.1. */
  readonly args?: readonly string[];
}

export interface ServedExporter {
  readonly program: RunningProgram;
  readonly url: string;
  get(path: string, init?: RequestInit): Promise<{ status: number; text: string; headers: Headers }>;
  samples(): Promise<TextSample[]>;
  /** One value of /metrics now. */
  value(metric: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined>;
  /** Resolves when /readyz answers 200. */
  ready(timeoutMs?: number): Promise<void>;
  /** SIGTERM, and what it left. */
  stop(): Promise<Finished>;
}

/** Starts the exporter as a process of its own and waits for its address, not for the database. */
export function startServe(options: ServeOptions): Promise<ServedExporter> {
  return served(startProgram(argumentsOf(options), { env: options.env }));
}

/**
 * The same in this process: where it matters what an exporter does, not how it is started or ended. A process of its own takes
 * two seconds of a processor to load and to warm up.
 */
export function serveHere(options: ServeOptions): Promise<ServedExporter> {
  return served(startCommand(argumentsOf(options), options));
}

const argumentsOf = ({ args = [] }: ServeOptions): string[] => [
  'serve',
  '--web.listen-address',
  '127.0.0.1:0',
  ...args,
];

async function served(program: ServedExporter['program']): Promise<ServedExporter> {
  const match = await program.says(/url(?:=|":")(http:\/\/127\.0\.0\.1:\d+)\b/);
  const url = match[1] ?? '';
  const get: ServedExporter['get'] = async (path, init) => {
    const headers = new Headers(init?.headers);
    // A connection of its own: an idle one may be closed for somebody else in the moment it is used, and fetch tries once.
    headers.set('Connection', 'close');
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init, headers });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const samples = async (): Promise<TextSample[]> => parseMetrics((await get('/metrics')).text);
  return {
    program,
    url,
    get,
    samples,
    value: async (metric, labels) => valueOf(await samples(), metric, labels),
    async ready(timeoutMs = 60_000) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const { status, text } = await get('/readyz');
        if (status === 200) return;
        if (performance.now() > deadline)
          throw new Error(`not ready within ${timeoutMs} ms: ${text}\n${program.stderr()}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop() {
      program.kill('SIGTERM');
      return program.finished;
    },
  };
}
