import type { ClientBase } from 'pg';
import { isUsableAddress } from '../../config/emailAddress.js';
import { CADENCES, type Cadence, type RequestDays, type RequestsConfig } from '../../config/requestsSchema.js';
import { inTransaction } from '../../database/transaction.js';
import { formatMoment } from '../../format/formatMoment.js';
import type { ActionsContext } from '../actionsContext.js';
import { takeAction } from '../alerts/takeAction.js';
import { linkAddress } from '../links/linkAddress.js';
import { queueMail } from '../mail/queueMail.js';
import { recipientsOf } from '../recipients.js';
import { numbersMail } from './numbersMail.js';
import { dayOf, daysAfter, lastPeriod, type Period, periodTitle } from './period.js';

/** The key of what is asked in portfolio_actions.actions, in place of an alert's name; the venture is the entity. */
export const NUMBERS = 'Numbers';

interface Asked {
  readonly id: string;
  readonly venture: string;
  readonly person: string;
  readonly addresses: readonly { readonly address: string; readonly role: string | null }[];
  readonly cadence: Cadence;
  readonly period: Period;
  readonly dueAt: Date;
}

/**
 * Asks the lead of each active venture for the numbers of the newest period that is over, once, on its day and at its time; and
 * reminds who has not reported, around the day on which they are due. What was reported another way, such as by `import`, is not asked
 * for. After a time in which nothing ran, the newest period alone is asked for, and one reminder stands for all that were due.
 */
export async function requestNumbers(context: ActionsContext): Promise<void> {
  const { actions, exporter } = context.configuration();
  const { requests } = actions;
  if (requests === null) return;
  const now = context.now();
  for (const cadence of CADENCES) {
    const days = requests.days[cadence];
    if (days === null) continue;
    const period = lastPeriod(cadence, now, exporter.timeZone);
    if (now < daysAfter(period.lastDay, days.askOn, requests.at, exporter.timeZone)) continue;
    await context.database.withClient((client) =>
      inTransaction(client, { access: 'READ WRITE' }, async () => {
        for (const venture of await unasked(client, cadence, period)) await ask(client, venture, days, now, context);
        for (const asked of await unreported(client, cadence, period))
          await remind(client, asked, requests, now, context);
      }),
    );
  }
}

interface Unasked {
  readonly ventureId: string;
  readonly venture: string;
  readonly leadName: string | null;
  readonly leadEmail: string | null;
  readonly cadence: Cadence;
  readonly period: Period;
}

/** A clock that was set back finds a later request and asks for nothing. */
async function unasked(client: ClientBase, cadence: Cadence, period: Period): Promise<Unasked[]> {
  const { rows } = await client.query<Omit<Unasked, 'period' | 'cadence'>>(
    `SELECT v.id AS "ventureId", v.name::text AS venture, v.lead_name::text AS "leadName", v.lead_email::text AS "leadEmail"
       FROM ventures v
      WHERE v.status::text = 'active' AND v.cadence::text = $1
        AND NOT EXISTS (SELECT FROM portfolio_actions.number_requests r WHERE r.venture_id = v.id AND r.last_day >= $3::date)
        AND NOT EXISTS (SELECT FROM venture_metrics m WHERE m.venture_id = v.id AND m.recorded_at BETWEEN $2 AND $3)
      ORDER BY v.name, v.id`,
    [cadence, period.firstDay, period.lastDay],
  );
  return rows.map((row) => ({ ...row, cadence, period }));
}

async function ask(
  client: ClientBase,
  venture: Unasked,
  { askOn, dueOn }: RequestDays,
  now: Date,
  context: ActionsContext,
): Promise<void> {
  const { exporter, recipients } = context.configuration();
  const { cadence, period, ventureId, leadEmail, leadName } = venture;
  const id = await takeAction(
    client,
    { alertname: NUMBERS, entity: ventureId, period: period.name, action: 'request' },
    now,
  );
  if (id === null) return;
  // Who is asked late has as much time as everybody.
  const due = daysAfter(period.lastDay, dueOn + 1, '00:00', exporter.timeZone);
  const dueAt = new Date(Math.max(due.getTime(), now.getTime() + Math.max(1, dueOn - askOn) * 86_400_000));
  const isLead = leadEmail !== null && isUsableAddress(leadEmail);
  const person = isLead ? (leadName ?? leadEmail) : 'Portfolio Analyst';
  await client.query(
    `INSERT INTO portfolio_actions.number_requests
       (id, venture_id, cadence, period, first_day, last_day, person, requested_at, due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, ventureId, cadence, period.name, period.firstDay, period.lastDay, person, now, dueAt],
  );
  const addresses = isLead ? [{ address: leadEmail, role: null }] : recipientsOf(recipients, ['PortfolioAnalyst']);
  await mailLinks(
    client,
    { id, venture: venture.venture, person, addresses, cadence, period, dueAt },
    'request',
    id,
    now,
    context,
  );
  await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [id, now]);
}

/** Asked for the period, and neither reported on the form nor by a row. */
async function unreported(
  client: ClientBase,
  cadence: Cadence,
  period: Period,
): Promise<(Asked & { requestedAt: Date; ventureId: string })[]> {
  const { rows } = await client.query<Omit<Asked, 'period' | 'cadence'> & { requestedAt: Date; ventureId: string }>(
    `SELECT r.id, r.venture_id AS "ventureId", v.name::text AS venture, r.person, r.due_at AS "dueAt", r.requested_at AS "requestedAt",
            (SELECT coalesce(json_agg(json_build_object('address', m.recipient, 'role', m.role) ORDER BY m.recipient), '[]')
               FROM portfolio_actions.mails m WHERE m.action_id = r.id) AS addresses
       FROM portfolio_actions.number_requests r JOIN ventures v ON v.id = r.venture_id
      WHERE r.cadence = $1 AND r.last_day = $3 AND r.version = 0 AND v.status::text = 'active'
        AND NOT EXISTS (SELECT FROM venture_metrics m WHERE m.venture_id = r.venture_id AND m.recorded_at BETWEEN $2 AND $3)
      ORDER BY v.name, r.id`,
    [cadence, period.firstDay, period.lastDay],
  );
  return rows.map((row) => ({ ...row, cadence, period }));
}

async function remind(
  client: ClientBase,
  asked: Asked & { readonly requestedAt: Date; readonly ventureId: string },
  { at, reminders }: RequestsConfig,
  now: Date,
  context: ActionsContext,
): Promise<void> {
  const { timeZone } = context.configuration().exporter;
  // The day that the due moment ends.
  const dueDay = dayOf(new Date(asked.dueAt.getTime() - 1), timeZone);
  const due = reminders.filter((days) => {
    const moment = daysAfter(dueDay, days, at, timeZone);
    return moment > asked.requestedAt && moment <= now;
  });
  let newest: string | null = null;
  for (const days of due) {
    const key = { alertname: NUMBERS, entity: asked.ventureId, period: asked.period.name, action: `reminder:${days}` };
    newest = (await takeAction(client, key, now)) ?? newest;
  }
  if (newest === null) return;
  await mailLinks(client, asked, asked.dueAt <= now ? 'overdue' : 'reminder', newest, now, context);
  await client.query(
    `UPDATE portfolio_actions.actions SET done_at = $3 WHERE alertname = $1 AND entity = $2 AND period = $4 AND done_at IS NULL`,
    [NUMBERS, asked.ventureId, now, asked.period.name],
  );
}

/** To each address a link of its own. */
async function mailLinks(
  client: ClientBase,
  asked: Asked,
  kind: 'request' | 'reminder' | 'overdue',
  actionId: string,
  now: Date,
  context: ActionsContext,
): Promise<void> {
  const { timeZone } = context.configuration().exporter;
  for (const { address, role } of asked.addresses) {
    const person = asked.addresses.length === 1 ? asked.person : `${asked.person} (${address})`;
    const url = await linkAddress(context, { kind: 'numbers', subject: asked.id, person }, now);
    const content = numbersMail({
      kind,
      venture: asked.venture,
      period: periodTitle({ cadence: asked.cadence, lastDay: asked.period.lastDay }),
      person,
      dueAt: formatMoment(new Date(asked.dueAt.getTime() - 60_000), timeZone),
      url,
    });
    await queueMail(
      client,
      { key: `numbers:${actionId}:${address}`, recipient: address, role, content, actionId },
      now,
    );
  }
}
