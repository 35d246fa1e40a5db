import { parseMetrics, valueOf } from './metricsText.js';
import type { TextSample } from './metricsText.js';
import { startProgram } from './startProgram.js';
import type { Finished, RunningProgram } from './startProgram.js';

export interface ServeOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Besides --web.listen-address, which is a free port of 127.0.0.1. */
  readonly args?: readonly string[];
}

/** `portfolio-exporter serve` as a process of its own. */
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

/** Starts the exporter and waits for its address, not for the database. */
export async function startServe(options: ServeOptions): Promise<ServedExporter> {
  const args = ['serve', '--web.listen-address', '127.0.0.1:0', ...(options.args ?? [])];
  const program = startProgram(args, { env: options.env });
  const match = await program.says(/url(?:=|":")(http:\/\/127\.0\.0\.1:\d+)\b/);
  const url = match[1] ?? '';
  const get: ServedExporter['get'] = async (path, init) => {
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const samples = async (): Promise<TextSample[]> => parseMetrics((await get('/metrics')).text);
  return {
    program,
    url,
    get,
    samples,
    value: async (metric, labels) => valueOf(await samples(), metric, labels),
    async ready(timeoutMs = 20_000) {
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
