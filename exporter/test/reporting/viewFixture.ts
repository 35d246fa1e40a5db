import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientBase } from 'pg';
import { escapeIdentifier } from 'pg';
import { parse } from 'yaml';
import { z } from 'zod';
import { THRESHOLD_NAMES } from '../../src/config/thresholdCatalogue.js';

/** A moment, rows, and what views must show of them. */
export interface ViewCase {
  readonly name: string;
  readonly moment: string;
  readonly timeZone: string;
  readonly carryForwardDays: number;
  /** Base units. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Thresholds that the table does not have. */
  readonly without: readonly string[];
  readonly setup: string;
  readonly expected: ReadonlyMap<string, ExpectedRows>;
}

export interface ExpectedRows {
  readonly columns: readonly string[];
  /** Sorted, one text per row: a view has no order of its own. */
  readonly rows: readonly string[];
}

const FIXTURE_DIRECTORY = fileURLToPath(new URL('./fixtures', import.meta.url));

const shared = {
  now: z.string().optional(),
  time_zone: z.string().optional(),
  carry_forward_days: z.int().optional(),
  setup: z.string().default(''),
};

const fixtureSchema = z.strictObject({
  ...shared,
  cases: z.array(
    z.strictObject({
      ...shared,
      name: z.string(),
      thresholds: z.partialRecord(z.enum(THRESHOLD_NAMES), z.number()).default({}),
      without: z.array(z.enum(THRESHOLD_NAMES)).default([]),
      expect: z.record(z.string(), z.string()),
    }),
  ),
});

export function fixtureNames(): string[] {
  return readdirSync(FIXTURE_DIRECTORY).map((file) => file.replace(/\.yaml$/, ''));
}

/** Reads `fixtures/<name>.yaml`; `<v1>` is a uuid that begins as all such do. Throws where the file does not say what it means. */
export function loadViewCases(name: string): ViewCase[] {
  const text = readFileSync(`${FIXTURE_DIRECTORY}/${name}.yaml`, 'utf8').replace(/<([a-z])(\d{1,2})>/g, fixedId);
  const fixture = fixtureSchema.parse(parse(text));
  return fixture.cases.map((one) => {
    const moment = one.now ?? fixture.now;
    if (moment === undefined) throw new Error(`${name}: ${one.name}: no moment`);
    return {
      name: one.name,
      moment,
      timeZone: one.time_zone ?? fixture.time_zone ?? 'UTC',
      carryForwardDays: one.carry_forward_days ?? fixture.carry_forward_days ?? 3,
      thresholds: one.thresholds,
      without: one.without,
      setup: `${fixture.setup}\n;${one.setup}`,
      expected: new Map(Object.entries(one.expect).map(([view, table]) => [view, parseTable(table)])),
    };
  });
}

function fixedId(_text: string, letter: string, digits: string): string {
  return `00000000-0000-4000-8000-${letter.charCodeAt(0).toString(16)}${digits.padStart(10, '0')}`;
}

/** The first line names the columns; `|` between cells, `#` begins a comment line. */
function parseTable(text: string): ExpectedRows {
  const [columns = [], ...rows] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  for (const row of rows) {
    if (row.length !== columns.length) throw new Error(`${row.join(' | ')}: not ${columns.length} cells`);
  }
  return { columns, rows: rows.map((row) => row.map(readable).join(' | ')).sort() };
}

/** Brings thresholds, rows and moment of a case into the open transaction, and the session into a state that no case expects. */
export async function prepareCase(client: ClientBase, one: ViewCase): Promise<void> {
  await client.query(`SET LOCAL TIME ZONE 'UTC'`);
  const values = { ...one.thresholds, time_zone: one.timeZone, carry_forward_days: one.carryForwardDays };
  for (const [name, value] of Object.entries(values)) {
    await client.query(`UPDATE portfolio_coordination_config SET parameter_value = $2 WHERE parameter_name = $1`, [
      name,
      String(value),
    ]);
  }
  await client.query(`DELETE FROM portfolio_coordination_config WHERE parameter_name = ANY ($1)`, [one.without]);
  await client.query(one.setup);
  await stopClock(client, one.moment);
  // No part of an answer may come from the session.
  await client.query(`SET LOCAL TIME ZONE 'Pacific/Kiritimati'; SET LOCAL DateStyle = 'SQL, DMY';
                      SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL lc_monetary = 'C'; SET LOCAL search_path = ''`);
}

/** Lets portfolio_reporting.clock, from which every view takes its moment, stand at an instant. */
export async function stopClock(client: ClientBase, moment: string): Promise<void> {
  const { rows } = await client.query<{ body: string }>(
    `SELECT pg_get_viewdef('portfolio_reporting.clock'::regclass) AS body`,
  );
  const body = rows[0]?.body.replaceAll('now()', `timestamptz '${moment}'`);
  await client.query(`CREATE OR REPLACE VIEW portfolio_reporting.clock AS ${body ?? ''}`);
}

/** What a view shows in these columns, in the form of {@link ExpectedRows}. */
export async function readView(client: ClientBase, view: string, columns: readonly string[]): Promise<string[]> {
  // As JSON a time has one form, whatever the session's.
  const { rows } = await client.query<{ cells: unknown[] }>(
    `SELECT jsonb_build_array(${columns.map(escapeIdentifier).join(', ')}) AS cells FROM portfolio_reporting.${escapeIdentifier(view)}`,
  );
  return rows.map(({ cells }) => cells.map((cell) => readable(cellText(cell))).join(' | ')).sort();
}

function cellText(cell: unknown): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'string') return cell.replaceAll('\n', '\\n');
  return JSON.stringify(cell);
}

/** Numbers to twelve digits, times in UTC, midnight as its day. */
function readable(text: string): string {
  if (/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return String(Number(Number(text).toPrecision(12)));
  if (!/^\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-]\d\d(:\d\d)?)$/.test(text)) return text;
  return new Date(text).toISOString().replace('T00:00:00.000Z', '').replace('.000Z', 'Z');
}
