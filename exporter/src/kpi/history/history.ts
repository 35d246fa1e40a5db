import type { ClientBase } from 'pg';
import { refuseStandby } from '../../database/standby.js';
import { inTransaction } from '../../database/transaction.js';
import type { KpiUnit, Sample } from '../unit/unit.js';

/** A KPI's samples that are kept in kpi_history. */
export function keptSamples(unit: KpiUnit, samples: readonly Sample[]): Sample[] {
  const kept = new Set(keptMetrics(unit));
  return samples.filter((sample) => kept.has(sample.metric));
}

/** Names of a KPI's metrics that are kept in kpi_history. */
export function keptMetrics(unit: KpiUnit): string[] {
  return unit.metrics.filter((metric) => metric.history).map((metric) => metric.name);
}

export interface WriteOptions {
  /** When the samples were computed, by the database's clock; null: now. */
  readonly computedAt?: Date | null;
  /** The part of the KPI's record that this is; null: all of it. */
  readonly metrics?: readonly string[] | null;
}

/**
 * Makes the day's record of a KPI equal to these samples: one row per metric, labels and day, and a series that is no longer
 * there loses its row of that day. A run older than the one that last changed the day's record changes nothing, however late
 * it is written. Equal values are not written again and wake nobody, so any number of replicas leave one row, and a run that
 * says what is recorded only reads. `day` is `YYYY-MM-DD`. Throws StandbyError and pg errors; nothing is half written.
 */
export async function writeHistory(
  client: ClientBase,
  kpi: string,
  day: string,
  samples: readonly Sample[],
  { computedAt = null, metrics = null }: WriteOptions = {},
): Promise<void> {
  const values = [
    kpi,
    day,
    samples.map((sample) => sample.metric),
    samples.map((sample) => JSON.stringify(sample.labels)),
    samples.map((sample) => sample.value),
  ];
  // Asked before anything is written: what is recorded already costs no write, and what another replica has recorded since is
  // recorded also for one that only may read. A mark ahead of the clock was left by one that has been set back since.
  const isRecorded = await inTransaction(client, { access: 'READ ONLY' }, async () => {
    const marks = await client.query<{ newer: boolean | null }>(
      `SELECT computed_at > $3 AS newer FROM kpi_history_days WHERE kpi = $1 AND day = $2::date AND computed_at <= now()`,
      [kpi, day, computedAt],
    );
    const [mark] = marks.rows;
    // A day without a mark gets one, also where there is no series: that there is none is its record.
    if (mark !== undefined && (mark.newer === true || !(await isDifferent(client, values, metrics)))) return true;
    await refuseStandby(client);
    return false;
  });
  if (isRecorded) return;
  // READ COMMITTED: a snapshot taken before the lock would not see what the writer before it left.
  await inTransaction(client, { access: 'READ WRITE', isolation: 'READ COMMITTED' }, async () => {
    // Writers of one day take turns here.
    const turn = await client.query(
      `INSERT INTO kpi_history_days AS d (kpi, day, computed_at) VALUES ($1, $2::date, coalesce($3, now()))
       ON CONFLICT (kpi, day) DO UPDATE SET computed_at = EXCLUDED.computed_at
        WHERE d.computed_at <= EXCLUDED.computed_at OR d.computed_at > now()`,
      [kpi, day, computedAt],
    );
    // A statement that changes no row tells the listeners of a change all the same, and the writer before may have said the same.
    if (turn.rowCount !== 0 && (await isDifferent(client, values, metrics))) await replaceRows(client, values, metrics);
  });
}

/** Whether the table says something else. */
async function isDifferent(
  client: ClientBase,
  values: readonly unknown[],
  metrics: readonly string[] | null,
): Promise<boolean> {
  const different = await client.query(
    `SELECT FROM (SELECT metric, labels, value FROM kpi_history
                   WHERE kpi = $1 AND day = $2::date AND ($6::text[] IS NULL OR metric = ANY ($6))) AS h
       FULL JOIN (SELECT metric, labels::jsonb AS labels, value
                    FROM unnest($3::text[], $4::text[], $5::float8[]) AS given (metric, labels, value)) AS s
         USING (metric, labels)
      WHERE h.value IS DISTINCT FROM s.value LIMIT 1`,
    [...values, metrics],
  );
  return different.rowCount !== 0;
}

async function replaceRows(
  client: ClientBase,
  values: readonly unknown[],
  metrics: readonly string[] | null,
): Promise<void> {
  await client.query(
    `INSERT INTO kpi_history AS h (kpi, metric, labels, day, value)
     SELECT $1, s.metric, s.labels::jsonb, $2::date, s.value
       FROM unnest($3::text[], $4::text[], $5::float8[]) AS s (metric, labels, value)
     ON CONFLICT (kpi, metric, day, labels_hash) DO UPDATE SET value = EXCLUDED.value, recorded_at = now()
      WHERE h.value IS DISTINCT FROM EXCLUDED.value`,
    [...values],
  );
  await client.query(
    `DELETE FROM kpi_history AS h
      WHERE h.kpi = $1 AND h.day = $2::date AND ($5::text[] IS NULL OR h.metric = ANY ($5))
        AND NOT EXISTS (SELECT FROM unnest($3::text[], $4::text[]) AS s (metric, labels)
                         WHERE s.metric = h.metric AND s.labels::jsonb = h.labels)`,
    [...values.slice(0, 4), metrics],
  );
}

/** The days from `from` to `to` (`YYYY-MM-DD`, inclusive) on which kpi_history has at least one row of these metrics. */
export async function recordedDays(
  client: ClientBase,
  kpi: string,
  from: string,
  to: string,
  metrics: readonly string[] | null = null,
): Promise<Set<string>> {
  const result = await inTransaction(client, { access: 'READ ONLY' }, () =>
    client.query<{ day: string }>(
      `SELECT DISTINCT to_char(day, 'YYYY-MM-DD') AS day FROM kpi_history WHERE kpi = $1 AND day BETWEEN $2 AND $3
        AND ($4::text[] IS NULL OR metric = ANY ($4))`,
      [kpi, from, to, metrics],
    ),
  );
  return new Set(result.rows.map((row) => row.day));
}
