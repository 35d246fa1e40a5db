import type { Logger } from 'pino';
import type { ActionsPaths } from '../actions/loadActionsConfiguration.js';
import { aborted, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { readVersion } from '../app/version.js';
import { readEnvironment } from '../config/environment.js';
import type { ListenAddress } from '../server/listenAddress.js';

export interface ActionsOptions {
  readonly paths: ActionsPaths;
  readonly listenAddress: ListenAddress;
}

/** `portfolio-exporter actions`: runs until it is asked to end. Throws ConfigError and what startActions throws. */
export async function actions(options: ActionsOptions, io: Io, log: Logger): Promise<number> {
  // Drawing the report, mails and jobs: what no other command waits a second for.
  const { startActions } = await import('../actions/startActions.js');
  const running = await startActions({
    ...options,
    environment: readEnvironment(io.env),
    version: readVersion(),
    now: () => new Date(),
    log,
  });
  const stopListening = io.onHangup(() => void running.reload());
  await aborted(io.shutdown);
  stopListening();
  log.info('stopping');
  await running.stop();
  return EXIT_OK;
}
