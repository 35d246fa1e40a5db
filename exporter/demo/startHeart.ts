import type { ClientBase } from 'pg';
import type { ServerSettings } from '../src/config/connectionSettings.js';
import { createDatabase } from '../src/database/pool.js';
import { beatHeartbeats } from './beatHeartbeats.js';

/** Well within the shortest acceptable lag, five minutes. */
const BEAT_MS = 30_000;

export interface HeartOptions {
  /** Beats at once, and also for sources that were last seen up to 90 minutes before this. */
  readonly lastBeat?: Date;
  /** Work that belongs to each beat. */
  readonly onBeat?: (client: ClientBase) => Promise<void>;
}

/** Beats the heartbeats of the demo's writers until it is stopped; `onError` hears of a beat that failed. */
export function startHeart(
  connection: string | ServerSettings,
  onError: (error: unknown) => void,
  options: HeartOptions = {},
): { stop(): Promise<void> } {
  const database = createDatabase({
    settings: typeof connection === 'string' ? { connectionString: connection } : connection,
    maxConnections: 1,
    connectTimeoutMs: 5_000,
    onIdleError: onError,
  });
  let lastBeat = options.lastBeat ?? new Date();
  const beat = (): Promise<void> =>
    database
      .withClient(async (client) => {
        const now = new Date();
        // A machine that slept, or a database that was away, is not a writer that died.
        await beatHeartbeats(client, now, lastBeat);
        lastBeat = now;
        await options.onBeat?.(client);
      })
      .catch(onError);
  let beating = options.lastBeat === undefined ? Promise.resolve() : beat();
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, BEAT_MS);
  return {
    async stop() {
      clearInterval(timer);
      await beating;
      await database.close();
    },
  };
}
