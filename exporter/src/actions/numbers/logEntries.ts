import type { ClientBase } from 'pg';
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { NumberRequest } from './numberRows.js';

/** An initiative that a venture takes part in and that was launched: of what value can be captured. */
export interface LaunchedInitiative {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly launchedOn: string;
}

export const VALUE_TYPES = {
  COST_SAVED: 'Cost saved, in dollars',
  REVENUE_GENERATED: 'Revenue generated, in dollars',
  TIME_SAVED_HOURS: 'Time saved, in hours',
  RISK_REDUCED: 'Risk reduced, in points',
} as const;

export const ENTRY_FIELDS = {
  value: ['value_id', 'value_initiative', 'value_type', 'value_amount', 'value_day', 'value_evidence'],
  coordination: ['coordination_id', 'coordination_hours', 'coordination_day'],
} as const;
export type EntryKind = keyof typeof ENTRY_FIELDS;

export const MAX_EVIDENCE = 500;
/** A day longer ago is for whoever keeps the tables. */
const OLDEST_DAYS = 92;

/** What was typed in vain; a sentence each. */
export class EntryProblem {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export async function readInitiatives(
  client: ClientBase,
  { ventureId }: NumberRequest,
  now: Date,
  timeZone: string,
): Promise<LaunchedInitiative[]> {
  const { rows } = await client.query<LaunchedInitiative>(
    `SELECT i.id, i.code, i.name, to_char(i.launched_at AT TIME ZONE $3, 'YYYY-MM-DD') AS "launchedOn"
       FROM synergy_initiatives i JOIN initiative_ventures p ON p.initiative_id = i.id
      WHERE p.venture_id = $1 AND i.launched_at <= $2 AND i.status IN ('ACTIVE', 'PAUSED', 'COMPLETED')
      ORDER BY i.name, i.id LIMIT 200`,
    [ventureId, now, timeZone],
  );
  return rows;
}

export interface EntryMoment {
  readonly request: NumberRequest;
  readonly person: string;
  readonly now: Date;
  readonly timeZone: string;
}

/**
 * Enters a captured value or working time spent on coordination, in the caller's transaction. Sent twice it is entered once. What was
 * entered, for people; or what is wrong with it.
 */
export async function enter(
  client: ClientBase,
  kind: EntryKind,
  fields: Readonly<Record<string, string>>,
  moment: EntryMoment,
): Promise<string | EntryProblem> {
  return kind === 'value' ? enterValue(client, fields, moment) : enterCoordination(client, fields, moment);
}

async function enterValue(
  client: ClientBase,
  fields: Readonly<Record<string, string>>,
  moment: EntryMoment,
): Promise<string | EntryProblem> {
  const id = z.uuid().safeParse(fields['value_id']);
  const initiatives = await readInitiatives(client, moment.request, moment.now, moment.timeZone);
  const initiative = initiatives.find((one) => one.id === fields['value_initiative']);
  const type = z.enum(Object.keys(VALUE_TYPES) as (keyof typeof VALUE_TYPES)[]).safeParse(fields['value_type']);
  const amount = positive(fields['value_amount'], 'amount', 999_999_999_999);
  const day = pastDay(fields['value_day'], moment);
  const evidence = (fields['value_evidence'] ?? '').trim();
  if (!id.success || !type.success || initiative === undefined)
    return new EntryProblem('Choose the initiative and the kind of value from the lists.');
  if (amount instanceof EntryProblem) return amount;
  if (day instanceof EntryProblem) return day;
  if (day.day < initiative.launchedOn)
    return new EntryProblem(
      `The initiative was launched on ${initiative.launchedOn}: value cannot be captured before.`,
    );
  if (evidence !== '' && (evidence.length > MAX_EVIDENCE || !/^https?:\/\/[^\s<>"]+$/i.test(evidence)))
    return new EntryProblem('The evidence is a link that begins with http:// or https://, or nothing.');
  const entry = { initiative: initiative.code, type: type.data, amount, day: day.day, evidence };
  if (await isNew(client, id.data, 'captured_value', entry, moment)) {
    await client.query(
      `INSERT INTO value_capture_log (value_capture_event_id, initiative_id, value_type, value_amount, captured_at, evidence_link, logged_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id.data, initiative.id, type.data, amount, day.at, evidence === '' ? null : evidence, moment.person],
    );
  }
  return 'The captured value is entered.';
}

async function enterCoordination(
  client: ClientBase,
  fields: Readonly<Record<string, string>>,
  moment: EntryMoment,
): Promise<string | EntryProblem> {
  const id = z.uuid().safeParse(fields['coordination_id']);
  const hours = positive(fields['coordination_hours'], 'hours', 10_000);
  const day = pastDay(fields['coordination_day'], moment);
  if (!id.success) return new EntryProblem('Open the page again: this form is not from it.');
  if (hours instanceof EntryProblem) return hours;
  if (day instanceof EntryProblem) return day;
  if (await isNew(client, id.data, 'coordination', { hours, day: day.day }, moment)) {
    await client.query(
      `INSERT INTO venture_resource_usage AS u (venture_id, recorded_at, resource_type, hours_spent) VALUES ($1, $2, 'coordination', $3)
       ON CONFLICT (venture_id, resource_type, recorded_at) DO UPDATE SET hours_spent = u.hours_spent + excluded.hours_spent`,
      [moment.request.ventureId, day.day, hours],
    );
  }
  return 'The hours of coordination are entered.';
}

async function isNew(
  client: ClientBase,
  id: string,
  kind: 'captured_value' | 'coordination',
  entry: object,
  { request, person, now }: EntryMoment,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO portfolio_actions.number_entries (id, request_id, kind, entered_by, entered_at, entry) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO NOTHING`,
    [id, request.id, kind, person, now, entry],
  );
  return rowCount === 1;
}

function positive(text: string | undefined, what: string, most: number): string | EntryProblem {
  const bare = (text ?? '').trim().replace(/^\$\s*/, '');
  const isNumber = /^\d{1,12}(\.\d{1,2})?$/.test(bare) && Number(bare) > 0 && Number(bare) <= most;
  return isNumber
    ? bare
    : new EntryProblem(`The ${what} is a number above 0, such as 1234.56, without separators of thousands.`);
}

function pastDay(
  text: string | undefined,
  { now, timeZone }: EntryMoment,
): { readonly day: string; readonly at: Date } | EntryProblem {
  const today = DateTime.fromJSDate(now, { zone: timeZone });
  const day = DateTime.fromFormat((text ?? '').trim(), 'yyyy-MM-dd', { zone: timeZone });
  if (!day.isValid) return new EntryProblem('The day is written as 2026-11-30.');
  if (day > today || day < today.minus({ days: OLDEST_DAYS }))
    return new EntryProblem(`The day is one of the last ${OLDEST_DAYS}, up to today.`);
  // Noon: on the day in every view; of today, the present.
  const noon = day.set({ hour: 12 });
  return { day: day.toFormat('yyyy-MM-dd'), at: (noon < today ? noon : today).toJSDate() };
}
