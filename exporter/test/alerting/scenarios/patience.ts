/** Longer than the longest interval of a rule that alerts (15 s), and than a scrape. */
export const AN_EVALUATION_MS = 16_000;
/** A row, a run, a scrape, an evaluation, a `for` of two minutes at most, a message; other tests run beside these. */
export const FIRING_MS = 240_000;
/** `keep_firing_for` is five minutes. */
export const RESOLVED_MS = 480_000;
