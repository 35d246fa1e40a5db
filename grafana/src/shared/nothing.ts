/**
 * The sentence of an empty panel on PostgreSQL. Grafana shows it as well when the query failed, with no more than a red mark in
 * the corner: it must not claim that there is nothing.
 */
export const nothing = (fact: string): string => `${fact}, or no answer from the database`;
