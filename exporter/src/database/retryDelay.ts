/** The wait after a first failure, in ms; it doubles up to the longest. */
export interface RetryDelays {
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

/** Of what must be recorded. */
export const RECORD_RETRY: RetryDelays = { initialDelayMs: 1_000, maxDelayMs: 60_000 };

/** How long to wait after so many failures in a row, in ms. */
export function retryDelay(failures: number, { initialDelayMs, maxDelayMs }: RetryDelays): number {
  return Math.min(initialDelayMs * 2 ** (failures - 1), maxDelayMs);
}
