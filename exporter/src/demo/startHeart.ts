import { createDatabase } from '../database/pool.js';
import { beatHeartbeats } from './beatHeartbeats.js';

/** Well within the shortest acceptable lag, five minutes. */
const BEAT_MS = 30_000;

/** Beats the heartbeats of the demo's writers until it is stopped; `onError` hears of a beat that failed. */
export function startHeart(url: string, onError: (error: unknown) => void): { stop(): Promise<void> } {
  const database = createDatabase({
    settings: { connectionString: url },
    maxConnections: 1,
    connectTimeoutMs: 5_000,
    onIdleError: onError,
  });
  let beat: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beat = database.withClient((client) => beatHeartbeats(client, new Date())).catch(onError);
  }, BEAT_MS);
  return {
    async stop() {
      clearInterval(timer);
      await beat;
      await database.close();
    },
  };
}
