/**
 * Makes `pause(seconds)` for KPIs that a test wants slow: a KPI may call nothing that the server calls volatile, as it does
 * pg_sleep. What a function in the language `internal` does nobody can read, so its declaration is believed.
 */
export const CREATE_PAUSE = `CREATE FUNCTION pause(seconds float8) RETURNS void LANGUAGE internal STABLE STRICT AS 'pg_sleep'`;
