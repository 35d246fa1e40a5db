/** Queries that have no series on the demo portfolio, where nothing is wrong. */
export const EMPTY_ON_DEMO: readonly string[] = [];
