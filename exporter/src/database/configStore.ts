import type { ClientBase } from 'pg';
import type { ThresholdName, Thresholds } from '../config/thresholdCatalogue.js';
import { THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';
import { takeTurn } from './takeTurn.js';
import { inTransaction } from './transaction.js';

export interface ConfigValues {
  readonly thresholds: Thresholds;
  /** IANA name; the reporting views read it. */
  readonly timeZone: string;
  /** The reporting views read it. */
  readonly carryForwardDays: number;
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

/**
 * Mirrors the configured numbers into portfolio_coordination_config in one transaction: missing rows are inserted, changed
 * values are updated with one history row each, a description or range that a new version words differently is updated
 * without one. Nothing is written where nothing differs; rows of other names are left alone. Replicas take turns, so that
 * each change is recorded once.
 * @param client in no transaction; needs SELECT, INSERT and UPDATE on the config table and INSERT on its history
 * @returns the names whose value changed (an inserted row is not a change)
 */
export async function syncConfig(client: ClientBase, values: ConfigValues): Promise<{ changed: string[] }> {
  return inTransaction(client, { access: 'READ WRITE' }, async () => {
    await takeTurn(client, 'configuration');
    return { changed: await writeDifferences(client, desiredRows(values), values) };
  });
}

async function writeDifferences(
  client: ClientBase,
  desired: readonly Row[],
  { changedBy, reason }: ConfigValues,
): Promise<string[]> {
  const { rows } = await client.query<Row>(
    `SELECT parameter_name, parameter_value, parameter_type, unit, valid_range, default_value, description, category
       FROM portfolio_coordination_config WHERE parameter_name = ANY ($1)`,
    [desired.map((row) => row.parameter_name)],
  );
  const present = new Map(rows.map((row) => [row.parameter_name, row]));
  const changed: string[] = [];
  for (const row of desired) {
    const old = present.get(row.parameter_name);
    if (old === undefined) {
      await insertRow(client, row, changedBy);
    } else if (!sameValue(old, row)) {
      await updateValue(client, old, row, { changedBy, reason });
      changed.push(row.parameter_name);
    } else if (!sameMetadata(old, row)) {
      await updateMetadata(client, row);
    }
  }
  return changed;
}

function desiredRows({ thresholds, timeZone, carryForwardDays }: ConfigValues): Row[] {
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
function sameValue(old: Row, row: Row): boolean {
  const numeric = row.parameter_type === 'NUMBER' && /^-?\d+(\.\d+)?$/.test(old.parameter_value);
  return numeric
    ? Number(old.parameter_value) === Number(row.parameter_value)
    : old.parameter_value === row.parameter_value;
}

function sameMetadata(old: Row, row: Row): boolean {
  const keys = ['parameter_type', 'unit', 'valid_range', 'default_value', 'description', 'category'] as const;
  return keys.every((key) => old[key] === row[key]);
}

async function insertRow(client: ClientBase, row: Row, changedBy: string): Promise<void> {
  await client.query(
    `INSERT INTO portfolio_coordination_config
       (parameter_name, parameter_value, parameter_type, unit, valid_range, default_value, description, category, modified_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [row.parameter_name, row.parameter_value, ...metadata(row), changedBy],
  );
}

async function updateValue(
  client: ClientBase,
  old: Row,
  row: Row,
  { changedBy, reason }: { changedBy: string; reason: string | null },
): Promise<void> {
  await client.query(
    `WITH change AS (
       INSERT INTO portfolio_coordination_config_history (parameter_name, old_value, new_value, changed_by, reason)
       VALUES ($1, $10, $2, $9, $11)
     )
     UPDATE portfolio_coordination_config
        SET parameter_value = $2, parameter_type = $3, unit = $4, valid_range = $5, default_value = $6,
            description = $7, category = $8, last_modified_at = now(), modified_by = $9
      WHERE parameter_name = $1`,
    [row.parameter_name, row.parameter_value, ...metadata(row), changedBy, old.parameter_value, reason],
  );
}

async function updateMetadata(client: ClientBase, row: Row): Promise<void> {
  await client.query(
    `UPDATE portfolio_coordination_config
        SET parameter_type = $2, unit = $3, valid_range = $4, default_value = $5, description = $6, category = $7
      WHERE parameter_name = $1`,
    [row.parameter_name, ...metadata(row)],
  );
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
