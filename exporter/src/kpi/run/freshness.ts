import type { ClientBase } from 'pg';
import { suggestion } from '../../yaml/didYouMean.js';
import { clientTimeout, SERVER_TIMEOUT_MARGIN_MS } from '../../database/clientTimeout.js';
import { findImpure } from '../check/findImpure.js';
import type { KpiInput } from '../unit/kpiInput.js';
import { KpiResultError } from '../unit/unit.js';
import type { KpiUnit } from '../unit/unit.js';
import { visibleRelations } from '../check/visibleRelations.js';

/** How fresh the rows behind a KPI are. */
export interface FreshnessReading {
  /** Unix seconds; null where the unit names no source or no source has a row. */
  readonly timestampSeconds: number | null;
  /** Sources that have no row, so that nobody is held to them, with a sentence for each. */
  readonly warnings: readonly { readonly source: string; readonly message: string }[];
}

/**
 * Reads how fresh the rows behind a KPI are. A daily table counts to the end of its newest day in the time zone, or, by cadence,
 * until the next one is due; an event
 * table by the oldest heartbeat of its writers, because no event is not a fault. A writer that never sent a heartbeat is not
 * held to it, which is told. Throws {@link KpiResultError} for a heartbeat that is no moment of the past.
 */
export async function readFreshness(client: ClientBase, unit: KpiUnit, input: KpiInput): Promise<FreshnessReading> {
  if (unit.freshness === null) return { timestampSeconds: null, warnings: [] };
  // The server's own timeout comes first; the client's is for a server that is gone.
  const limitMs = unit.timeoutMs + SERVER_TIMEOUT_MARGIN_MS;
  return unit.freshness.kind === 'day'
    ? readNewestDay(client, unit.freshness, input, limitMs)
    : readHeartbeats(client, unit.freshness.sources, input, limitMs);
}

async function readNewestDay(
  client: ClientBase,
  { table, column, venture }: DayFreshness,
  input: KpiInput,
  limitMs: number,
): Promise<FreshnessReading> {
  // The names are checked to be plain identifiers when the unit is loaded.
  const newestDay = venture === undefined ? newestOf(table, column) : newestByCadence(table, column, venture);
  const query = {
    text: `SELECT extract(epoch FROM ((${newestDay}) + 1)::timestamp AT TIME ZONE $2)::float8 AS seconds`,
    values: [input.asOf, input.timeZone],
  };
  const { rows } = await client.query<{ seconds: number | null }>(clientTimeout(query, limitMs));
  const seconds = rows[0]?.seconds ?? null;
  const message = `${table}.${column} has no day up to ${input.asOf}: the age of the rows is not known`;
  return { timestampSeconds: seconds, warnings: seconds === null ? [{ source: table, message }] : [] };
}

type DayFreshness = Extract<KpiUnit['freshness'], { readonly kind: 'day' }>;

function newestOf(table: string, column: string): string {
  return `SELECT max(${column}) FROM ${table} WHERE ${column} <= $1::date AND isfinite(${column})`;
}

/**
 * The rows are as fresh as those of the cadence that is worst off: a load of daily rows that died is seen beside ventures that report
 * by month. The newest day of those lasts until their next one is due. Where all report daily it is the newest day.
 */
function newestByCadence(table: string, column: string, venture: string): string {
  return `WITH seldom AS (
       SELECT id, portfolio_carry_forward(cadence::text, 0) AS days FROM ventures
        WHERE status::text = 'active' AND portfolio_carry_forward(cadence::text, 0) > 0
     )
     SELECT min(day) FROM (
       SELECT (${newestOf(table, column)} AND ${venture} <> ALL (ARRAY(SELECT id FROM seldom)))
        WHERE NOT EXISTS (SELECT FROM seldom)
           OR EXISTS (SELECT FROM ventures WHERE status::text = 'active' AND portfolio_carry_forward(cadence::text, 0) = 0)
       UNION ALL
       SELECT max(least($1::date, newest.day + seldom.days))
         FROM seldom CROSS JOIN LATERAL (${newestOf(table, column)} AND ${venture} = seldom.id) AS newest (day)
        GROUP BY seldom.days
     ) AS by_cadence (day)`;
}

/** Two machines' clocks; a heartbeat that is further ahead would look fresh for as long. */
const CLOCK_TOLERANCE = `interval '5 minutes'`;

async function readHeartbeats(
  client: ClientBase,
  sources: readonly string[],
  input: KpiInput,
  limitMs: number,
): Promise<FreshnessReading> {
  // `wrong` asks the database's clock: for a past day every heartbeat is later than its moment.
  const query = {
    text: `SELECT wanted.source,
            beat.source IS NOT NULL AS has_row,
            coalesce(NOT isfinite(beat.seen_at) OR beat.seen_at > greatest($2, now()) + ${CLOCK_TOLERANCE}, false) AS wrong,
            CASE WHEN beat.seen_at <= $2::timestamptz + ${CLOCK_TOLERANCE}
                 THEN extract(epoch FROM least(beat.seen_at, $2))::float8 END AS seconds
       FROM unnest($1::text[]) AS wanted (source)
       LEFT JOIN source_heartbeats beat ON beat.source = wanted.source`,
    values: [sources, input.now.toISOString()],
  };
  const { rows } = await client.query<{ source: string; has_row: boolean; wrong: boolean; seconds: number | null }>(
    clientTimeout(query, limitMs),
  );
  const wrong = rows.filter((row) => row.wrong).map((row) => row.source);
  if (wrong.length > 0) {
    throw new KpiResultError(
      `freshness: source_heartbeats.seen_at of ${wrong.join(', ')} is no moment up to now: a writer's clock is wrong`,
    );
  }
  const times = rows.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  const unseen = rows.filter((row) => !row.has_row).map((row) => row.source);
  return {
    timestampSeconds: times.length === 0 ? null : Math.min(...times),
    warnings: unseen.map((source) => ({
      source,
      message: `source_heartbeats has no row of ${source}: whether it still writes is not known until its first one`,
    })),
  };
}

/** What the source of a unit's freshness asks beside its rows, where it is a view: one that reads the clock is always fresh. */
export async function impureSource(client: ClientBase, unit: KpiUnit): Promise<string[]> {
  const query = freshnessQuery(unit);
  if (query === null) return [];
  const findings = await findImpure(client, query);
  return findings.map(({ message }) => `an age comes from rows, not from a view of now: ${message}`);
}

/** All that its freshness may come from; null for a unit without. */
export function freshnessQuery({ freshness }: Pick<KpiUnit, 'freshness'>): string | null {
  if (freshness === null) return null;
  return `SELECT * FROM ${freshness.kind === 'day' ? freshness.table : 'source_heartbeats'}`;
}

/** What keeps a unit's freshness from being read on this server, each a sentence. */
export async function freshnessProblems(client: ClientBase, unit: KpiUnit): Promise<string[]> {
  const impure = await impureSource(client, unit);
  if (impure.length > 0 || unit.freshness?.kind !== 'day') return impure;
  const { table, column, venture } = unit.freshness;
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL) AS type
       FROM pg_catalog.pg_attribute a
       JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE attrelid = pg_catalog.to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  if (rows.length === 0) return [`there is no table ${table}${suggestion(table, await visibleRelations(client))}`];
  const columns = rows.map(({ name }) => name);
  const missing = [column, venture].find((name) => name !== undefined && !columns.includes(name));
  if (missing !== undefined) return [`${table} has no column ${missing}${suggestion(missing, columns)}`];
  const type = rows.find(({ name }) => name === column)?.type;
  return type === 'date' ? [] : [`${table}.${column} is ${type}; it must be a date, one for each day`];
}
