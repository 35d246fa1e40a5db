/** How much longer than the server's own statement_timeout the client waits before it gives a connection up, in ms. */
export const SERVER_TIMEOUT_MARGIN_MS = 5_000;

/**
 * A query that the client itself gives up after `ms`, for a server that is gone without a word (the typings of pg lack
 * this option of its queries). The connection is of no use afterwards.
 */
export function clientTimeout<Q extends object>(query: Q, ms: number): Q & { readonly query_timeout: number } {
  return { ...query, query_timeout: ms };
}
