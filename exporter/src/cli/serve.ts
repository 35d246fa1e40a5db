import type { Logger } from 'pino';
import { readEnvironment } from '../config/environment.js';
import type { ListenAddress } from '../http/listenAddress.js';
import type { ConfigPaths } from '../kpi/loadConfiguration.js';
import type { ChangeNote } from './configMirror.js';
import { EXIT_OK } from './io.js';
import type { Io } from './io.js';
import { startExporter } from './startExporter.js';

export interface ServeOptions {
  readonly paths: ConfigPaths;
  readonly listenAddress: ListenAddress;
  readonly note: ChangeNote;
}

/** `portfolio-exporter serve`: runs until it is asked to end. Throws ConfigError and what startExporter throws. */
export async function serve(options: ServeOptions, io: Io, log: Logger): Promise<number> {
  const exporter = await startExporter({
    paths: options.paths,
    environment: readEnvironment(io.env),
    listenAddress: options.listenAddress,
    note: options.note,
    log,
  });
  const stopListening = io.onHangup(() => void exporter.reload());
  await aborted(io.shutdown);
  stopListening();
  log.info('stopping');
  await exporter.stop();
  return EXIT_OK;
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
