import type { Logger } from 'pino';
import { readEnvironment } from '../config/environment.js';
import type { ListenAddress } from '../server/listenAddress.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import type { ChangeNote } from '../app/configMirror.js';
import { aborted, EXIT_OK } from '../app/io.js';
import type { KpiShare } from '../kpi/unit/kpiShare.js';
import type { Io } from '../app/io.js';
import { startExporter } from '../app/startExporter.js';

export interface ServeOptions {
  readonly paths: ConfigPaths;
  readonly listenAddress: ListenAddress;
  readonly note: ChangeNote;
  readonly share: KpiShare;
}

/** `portfolio-exporter serve`: runs until it is asked to end. Throws ConfigError and what startExporter throws. */
export async function serve(options: ServeOptions, io: Io, log: Logger): Promise<number> {
  const exporter = await startExporter({
    paths: options.paths,
    environment: readEnvironment(io.env),
    listenAddress: options.listenAddress,
    note: options.note,
    share: options.share,
    log,
  });
  const stopListening = io.onHangup(() => void exporter.reload());
  await aborted(io.shutdown);
  stopListening();
  log.info('stopping');
  await exporter.stop();
  return EXIT_OK;
}
