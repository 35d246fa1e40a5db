import type { ClientBase } from 'pg';
import { THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';
import { HEADER, planRecord, SAME_EDIT_MS } from './planRecord.js';
import type {
  ConfigCursor,
  ConfigRecord,
  ConfigStep,
  Numbers,
  Recorded,
  RecordedChange,
  Row,
  Write,
} from './planRecord.js';
import { refuseStandby } from './standby.js';
import { takeTurn } from './takeTurn.js';
import { inTransaction } from './transaction.js';

export interface ConfigValues extends Numbers {
  readonly changedBy: string;
  readonly reason: string | null;
}

/** One change of a parameter; values are plain numbers in base units (0.2, 172800) or the time zone's name. */
export interface ConfigChange {
  readonly parameterName: string;
  /** ratio, seconds, dollars, count or score; null for a text, or for a parameter that no longer exists. */
  readonly unit: string | null;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly changedAt: Date;
  readonly changedBy: string;
  readonly reason: string | null;
}

/**
 * Records steps, the oldest first: what changed between two of them is a row of the history each, with the moment of the step;
 * the newest step of any replica is what portfolio_coordination_config says. A step that another replica has recorded is not
 * recorded again. Missing rows are inserted, a description or range that a new version words differently is updated without a
 * row of the history; rows of other names are left alone. Nothing is written where nothing differs, so that a standby will do.
 * @param client in no transaction; needs SELECT, INSERT and UPDATE on the config table and INSERT on its history
 * @returns the names whose value changed (an inserted row is not a change), and where the next call goes on
 */
export async function recordConfig(
  client: ClientBase,
  steps: readonly ConfigStep[],
  cursor: ConfigCursor = new Map(),
): Promise<{ changed: string[]; cursor: ConfigCursor }> {
  const plan = async () => planRecord(steps, await readRecord(client, steps), cursor);
  const first = await inTransaction(client, { access: 'READ ONLY' }, async () => {
    const found = await plan();
    if (found.writes.length > 0) await refuseStandby(client);
    return found;
  });
  if (first.writes.length === 0) return { changed: [], cursor: first.cursor };
  return inTransaction(client, { access: 'READ WRITE' }, async () => {
    await takeTurn(client, 'configuration');
    const { writes, cursor: seen } = await plan();
    const next = new Map(seen);
    const changed = new Set<string>();
    for (const write of writes) {
      const id = await execute(client, write);
      if (id === null) continue;
      next.set(write.row.parameter_name, id);
      changed.add(write.row.parameter_name);
    }
    return { changed: [...changed], cursor: next };
  });
}

/** Records what is in force now, as a start of the program does. */
export async function syncConfig(client: ClientBase, values: ConfigValues): Promise<{ changed: string[] }> {
  const { changedBy, reason, ...numbers } = values;
  const { changed } = await recordConfig(client, [
    { ...numbers, before: null, header: { changedBy, reason }, note: null, ageMs: 0 },
  ]);
  return { changed };
}

async function readRecord(client: ClientBase, steps: readonly ConfigStep[]): Promise<ConfigRecord> {
  const names = [...THRESHOLD_NAMES, 'time_zone', 'carry_forward_days', HEADER];
  const { rows } = await client.query<Recorded>(
    `SELECT parameter_name, parameter_value, parameter_type, unit, valid_range, default_value, description, category,
            (extract(epoch FROM now() - last_modified_at) * 1000)::float8 AS age_ms
       FROM portfolio_coordination_config WHERE parameter_name = ANY ($1)`,
    [names],
  );
  const { rows: changes } = await client.query<RecordedChange>(
    `SELECT id::float8 AS id, parameter_name, old_value, new_value,
            (extract(epoch FROM now() - changed_at) * 1000)::float8 AS age_ms
       FROM portfolio_coordination_config_history
      WHERE parameter_name = ANY ($1) AND changed_at > now() - $2 * interval '1 millisecond'
      ORDER BY changed_at, id`,
    [names, (steps[0]?.ageMs ?? 0) + SAME_EDIT_MS],
  );
  return { rows: new Map(rows.map((row) => [row.parameter_name, row])), changes };
}

/** The id of the row of the history; null where there is none. */
async function execute(client: ClientBase, write: Write): Promise<number | null> {
  const { row } = write;
  if (write.kind === 'insert' || write.kind === 'header') {
    await client.query(
      `INSERT INTO portfolio_coordination_config
         (parameter_name, parameter_value, parameter_type, unit, valid_range, default_value, description, category,
          last_modified_at, modified_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() - $9 * interval '1 millisecond', $10)
       ON CONFLICT (parameter_name) DO UPDATE SET parameter_value = EXCLUDED.parameter_value,
         last_modified_at = EXCLUDED.last_modified_at, modified_by = EXCLUDED.modified_by`,
      [
        row.parameter_name,
        row.parameter_value,
        ...metadata(row),
        write.ageMs,
        'by' in write ? write.by : 'thresholds.yaml',
      ],
    );
    return null;
  }
  if (write.kind === 'metadata' || write.isNewest) {
    await client.query(
      `UPDATE portfolio_coordination_config
          SET parameter_type = $2, unit = $3, valid_range = $4, default_value = $5, description = $6, category = $7
        WHERE parameter_name = $1`,
      [row.parameter_name, ...metadata(row)],
    );
  }
  if (write.kind === 'metadata') return null;
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO portfolio_coordination_config_history (parameter_name, old_value, new_value, changed_at, changed_by, reason)
     VALUES ($1, $2, $3, now() - $4 * interval '1 millisecond', $5, $6) RETURNING id::float8 AS id`,
    [row.parameter_name, write.old, row.parameter_value, write.ageMs, write.by, write.reason],
  );
  if (write.isNewest) {
    await client.query(
      `UPDATE portfolio_coordination_config
          SET parameter_value = $2, last_modified_at = now() - $3 * interval '1 millisecond', modified_by = $4
        WHERE parameter_name = $1`,
      [row.parameter_name, row.parameter_value, write.ageMs, write.by],
    );
  }
  return rows[0]?.id ?? null;
}

function metadata(row: Row): (string | null)[] {
  return [row.parameter_type, row.unit, row.valid_range, row.default_value, row.description, row.category];
}

/** The latest changes, newest first; of one parameter where a name is given, of each no more than `perName`. */
export async function readConfigHistory(
  client: ClientBase,
  { limit, name, perName }: { readonly limit: number; readonly name?: string; readonly perName?: number },
): Promise<ConfigChange[]> {
  const { rows } = await inTransaction(client, { access: 'READ ONLY' }, () =>
    client.query<ConfigChange>(
      `SELECT h.parameter_name AS "parameterName", c.unit, h.old_value AS "oldValue", h.new_value AS "newValue",
            h.changed_at AS "changedAt", h.changed_by AS "changedBy", h.reason
       FROM (SELECT *, row_number() OVER (PARTITION BY parameter_name ORDER BY changed_at DESC, id DESC) AS place
               FROM portfolio_coordination_config_history
              WHERE $2::text IS NULL OR parameter_name = $2) AS h
       LEFT JOIN portfolio_coordination_config c USING (parameter_name)
      WHERE $3::int IS NULL OR h.place <= $3
      ORDER BY h.changed_at DESC, h.id DESC
      LIMIT $1`,
      [limit, name ?? null, perName ?? null],
    ),
  );
  return rows;
}
