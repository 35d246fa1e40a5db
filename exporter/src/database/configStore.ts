import type { ClientBase } from 'pg';
import type { ThresholdName, Thresholds } from '../config/thresholdCatalogue.js';
import { THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';
import { refuseStandby } from './standby.js';
import { takeTurn } from './takeTurn.js';
import { inTransaction } from './transaction.js';

export interface Numbers {
  readonly thresholds: Thresholds;
  /** IANA name; the reporting views read it. */
  readonly timeZone: string;
  /** The reporting views read it. */
  readonly carryForwardDays: number;
}

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

interface Row {
  readonly parameter_name: string;
  readonly parameter_value: string;
  readonly parameter_type: 'NUMBER' | 'TEXT';
  readonly unit: string | null;
  readonly valid_range: string | null;
  readonly default_value: string;
  readonly description: string;
  readonly category: string;
}

/** Who changed something and why. */
export interface ConfigNote {
  readonly changedBy: string | null;
  readonly reason: string | null;
}

/** What was put in force at a moment. */
export interface ConfigStep extends Numbers {
  /** What was in force before, in this program; null at its start: whatever was in force according to the record. */
  readonly before: (Numbers & { readonly header: ConfigNote }) | null;
  /** `changed_by` and `reason` of thresholds.yaml as it stood then. */
  readonly header: ConfigNote;
  /** What goes before the header, of the command line. */
  readonly note: ConfigNote | null;
  /** How long ago, in ms: clocks differ between replicas, and are set. */
  readonly ageMs: number;
}

/** By parameter, the newest row of the history that this program has taken into account. */
export type ConfigCursor = ReadonlyMap<string, number>;

/** Replicas get an edited file within this time of each other. */
const SAME_EDIT_MS = 300_000;

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

type Recorded = Row & { readonly age_ms: number };

interface RecordedChange {
  readonly id: number;
  readonly parameter_name: string;
  readonly old_value: string | null;
  readonly new_value: string | null;
  readonly age_ms: number;
}

interface ConfigRecord {
  readonly rows: Map<string, Recorded>;
  /** The oldest first. */
  readonly changes: readonly RecordedChange[];
}

type Write =
  | { readonly kind: 'insert'; readonly row: Row; readonly by: string; readonly ageMs: number }
  | { readonly kind: 'metadata'; readonly row: Row }
  | { readonly kind: 'header'; readonly row: Row; readonly ageMs: number }
  | {
      readonly kind: 'change';
      readonly row: Row;
      readonly old: string;
      readonly by: string;
      readonly reason: string | null;
      readonly ageMs: number;
      /** Whether nothing newer is recorded. */
      readonly isNewest: boolean;
    };

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

function planRecord(
  steps: readonly ConfigStep[],
  { rows, changes }: ConfigRecord,
  cursor: ConfigCursor,
): { writes: Write[]; cursor: Map<string, number> } {
  const writes: Write[] = [];
  const seen = new Map(cursor);
  const recordedHeader = rows.get(HEADER)?.parameter_value ?? null;
  for (const step of steps) {
    const { ageMs, before } = step;
    const isLast = step === steps.at(-1);
    const previousHeader = before === null ? recordedHeader : headerText(before.header);
    const isFresh = previousHeader !== headerText(step.header);
    const earlier = before === null ? null : new Map(desiredRows(before).map((row) => [row.parameter_name, row]));
    for (const row of desiredRows(step)) {
      const name = row.parameter_name;
      const recorded = rows.get(name);
      const own = changes.filter((change) => change.parameter_name === name);
      if (recorded === undefined) {
        writes.push({ kind: 'insert', row, by: attribute(row, step, isFresh).changedBy, ageMs });
        rows.set(name, { ...row, age_ms: ageMs });
        continue;
      }
      const later = own.filter((change) => change.age_ms < ageMs);
      if (before === null) for (const { id, age_ms } of own) if (age_ms >= ageMs) seen.set(name, id);
      const old = earlier?.get(name)?.parameter_value ?? later[0]?.old_value ?? recorded.parameter_value;
      // What lies ahead of the clock was left by one that has been set back since.
      const isNewest = recorded.age_ms >= ageMs || recorded.age_ms < 0;
      const isEdited = !sameValue(old, row);
      const same = (change: RecordedChange): boolean =>
        change.id > (seen.get(name) ?? 0) &&
        Math.abs(change.age_ms - ageMs) <= SAME_EDIT_MS &&
        sameValue(change.old_value ?? '', { ...row, parameter_value: old }) &&
        sameValue(change.new_value ?? '', row);
      const match = isEdited ? (before === null ? later : own).find(same) : undefined;
      if (match !== undefined) {
        seen.set(name, match.id);
        continue;
      }
      const was = isNewest ? recorded.parameter_value : old;
      // Also what somebody changed in the table itself is set back, once nothing newer is to come.
      if (!sameValue(was, row) && (isEdited || (isLast && isNewest))) {
        const { changedBy, reason } = attribute(row, step, isFresh && isEdited);
        writes.push({ kind: 'change', row, old: was, by: changedBy, reason, ageMs, isNewest });
        if (isNewest) rows.set(name, { ...row, age_ms: ageMs });
      } else if (isLast && isNewest && !sameMetadata(recorded, row)) {
        writes.push({ kind: 'metadata', row });
      }
    }
    const header = rows.get(HEADER);
    const row = headerRow(step.header);
    if (header?.parameter_value !== row.parameter_value && (header === undefined || header.age_ms >= ageMs)) {
      writes.push({ kind: 'header', row, ageMs });
      rows.set(HEADER, { ...row, age_ms: ageMs });
    }
  }
  return { writes, cursor: seen };
}

/** A header belongs to the edit that brought it; exporter.yaml has none. */
function attribute(
  row: Row,
  { header, note }: ConfigStep,
  isFresh: boolean,
): { changedBy: string; reason: string | null } {
  const isOfThresholds = row.category !== 'exporter';
  const written = isOfThresholds && isFresh ? header : { changedBy: null, reason: null };
  const stale = !isFresh && (header.changedBy !== null || header.reason !== null);
  const file = isOfThresholds ? `thresholds.yaml${stale ? ' (header not changed)' : ''}` : 'exporter.yaml';
  return {
    changedBy: note?.changedBy ?? written.changedBy ?? file,
    reason: note?.reason ?? written.reason,
  };
}

/** The row that keeps the header, so that the next start knows whether it was edited. */
const HEADER = 'thresholds_header';

const headerText = ({ changedBy, reason }: ConfigNote): string => JSON.stringify([changedBy, reason]);

function headerRow(header: ConfigNote): Row {
  return {
    parameter_name: HEADER,
    parameter_value: headerText(header),
    parameter_type: 'TEXT',
    unit: null,
    valid_range: null,
    default_value: '[null,null]',
    description: 'changed_by and reason of thresholds.yaml as last seen: they belong to the edit that brought them',
    category: 'exporter',
  };
}

function desiredRows({ thresholds, timeZone, carryForwardDays }: Numbers): Row[] {
  return [
    ...THRESHOLD_NAMES.map((name) => thresholdRow(name, thresholds[name])),
    {
      parameter_name: 'time_zone',
      parameter_value: timeZone,
      parameter_type: 'TEXT',
      unit: null,
      valid_range: 'IANA time zone',
      default_value: 'UTC',
      description: 'Time zone of days, months and cron schedules',
      category: 'exporter',
    },
    {
      parameter_name: 'carry_forward_days',
      parameter_value: String(carryForwardDays),
      parameter_type: 'NUMBER',
      unit: 'count',
      valid_range: '0 - 366',
      default_value: '3',
      description: 'For how many days a venture keeps its newest daily row',
      category: 'exporter',
    },
  ];
}

function thresholdRow(name: ThresholdName, value: number): Row {
  const { unit, min, max, default: default_, description, category } = THRESHOLD_CATALOGUE[name];
  return {
    parameter_name: name,
    parameter_value: String(value),
    parameter_type: 'NUMBER',
    unit,
    valid_range: max === null ? 'not negative' : `${min} - ${max}`,
    default_value: String(default_),
    description,
    category,
  };
}

/** A number that someone wrote as 0.20 by hand is the same number as 0.2. */
function sameValue(old: string, row: Pick<Row, 'parameter_value' | 'parameter_type'>): boolean {
  const numeric = row.parameter_type === 'NUMBER' && /^-?\d+(\.\d+)?$/.test(old);
  return numeric ? Number(old) === Number(row.parameter_value) : old === row.parameter_value;
}

function sameMetadata(old: Row, row: Row): boolean {
  const keys = ['parameter_type', 'unit', 'valid_range', 'default_value', 'description', 'category'] as const;
  return keys.every((key) => old[key] === row[key]);
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

/** The latest changes, newest first; of one parameter where a name is given. */
export async function readConfigHistory(
  client: ClientBase,
  { limit, name }: { readonly limit: number; readonly name?: string },
): Promise<ConfigChange[]> {
  const { rows } = await inTransaction(client, { access: 'READ ONLY' }, () =>
    client.query<ConfigChange>(
      `SELECT h.parameter_name AS "parameterName", c.unit, h.old_value AS "oldValue", h.new_value AS "newValue",
            h.changed_at AS "changedAt", h.changed_by AS "changedBy", h.reason
       FROM portfolio_coordination_config_history h
       LEFT JOIN portfolio_coordination_config c USING (parameter_name)
      WHERE $2::text IS NULL OR h.parameter_name = $2
      ORDER BY h.changed_at DESC, h.id DESC
      LIMIT $1`,
      [limit, name ?? null],
    ),
  );
  return rows;
}
