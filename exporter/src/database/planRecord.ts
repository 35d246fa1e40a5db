import type { ThresholdName, Thresholds } from '../config/thresholdCatalogue.js';
import { THRESHOLD_CATALOGUE, THRESHOLD_NAMES } from '../config/thresholdCatalogue.js';

export interface Numbers {
  readonly thresholds: Thresholds;
  /** IANA name; the reporting views read it. */
  readonly timeZone: string;
  /** The reporting views read it. */
  readonly carryForwardDays: number;
}

/** A row of portfolio_coordination_config. */
export interface Row {
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
export const SAME_EDIT_MS = 300_000;

export type Recorded = Row & { readonly age_ms: number };

export interface RecordedChange {
  readonly id: number;
  readonly parameter_name: string;
  readonly old_value: string | null;
  readonly new_value: string | null;
  readonly age_ms: number;
}

export interface ConfigRecord {
  readonly rows: Map<string, Recorded>;
  /** The oldest first. */
  readonly changes: readonly RecordedChange[];
}

export type Write =
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

/** What must be written so that the record says what the steps say; touches no database. `rows` is brought up to date meanwhile. */
export function planRecord(
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
export const HEADER = 'thresholds_header';

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
