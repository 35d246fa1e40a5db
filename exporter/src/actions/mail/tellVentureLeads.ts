import type { ClientBase } from 'pg';
import { isUsableAddress } from '../../config/emailAddress.js';
import { inTransaction } from '../../database/transaction.js';
import type { ActionsContext } from '../actionsContext.js';
import { takeAction } from '../alerts/takeAction.js';
import { queueMail } from './queueMail.js';
import { type LeadConflict, ventureLeadMail } from './ventureLeadMail.js';

interface Due extends LeadConflict {
  readonly entity: string;
  readonly address: string;
  readonly days: number;
}

const ALERT = 'ResourceConflictDetected';

/**
 * Mails to the leads of ventures that count on an over-allocated resource: at its beginning, each day that it goes on, and at its
 * end. One mail for each lead, whatever he leads and however many resources are over-allocated; each has a mail of his own, so
 * that an address that is refused keeps it from nobody else. Whoever gets the alert's own mail gets no second one. What is due is
 * found from the rows: it may be called as often as one likes.
 */
export async function tellVentureLeads({
  database,
  now: clock,
  configuration,
}: Pick<ActionsContext, 'database' | 'now' | 'configuration'>): Promise<void> {
  const now = clock();
  const { exporter, thresholds, recipients } = configuration();
  // 1.1 + 0.1 is not 1.2 in floating point; the alert's limit is rounded in the same way.
  const limit = (thresholds.conflict_over_allocation_threshold + thresholds.over_allocation_tolerance).toFixed(6);
  const { CoordinationPlanner, Chairman } = recipients.recipients;
  const isTold = new Set([...CoordinationPlanner, ...Chairman].map((address) => address.toLowerCase()));
  await database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      const byLead = new Map<string, Due[]>();
      for (const due of await readDue(client, limit, now)) {
        const lead = due.address.toLowerCase();
        if (!isUsableAddress(due.address) || isTold.has(lead) || !(await isNew(client, due, lead, now))) continue;
        byLead.set(lead, [...(byLead.get(lead) ?? []), due]);
      }
      for (const [lead, conflicts] of byLead) {
        const [first] = conflicts;
        if (first === undefined) continue;
        const key = `venture-lead:${first.alertId}:${stateOf(first)}:${lead}`;
        const content = ventureLeadMail(conflicts, exporter.timeZone);
        await queueMail(client, { key, recipient: first.address, role: null, content }, now);
      }
    }),
  );
}

function stateOf({ endsAt, days }: Due): string {
  return endsAt === null ? String(days) : 'over';
}

async function isNew(client: ClientBase, due: Due, lead: string, now: Date): Promise<boolean> {
  const key = { alertname: ALERT, entity: due.entity, period: due.startsAt.toISOString() };
  const id = await takeAction(client, { ...key, action: `tell_lead:${stateOf(due)}:${lead}` }, now, due.alertId);
  if (id !== null) await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [id, now]);
  return id !== null;
}

/**
 * Of what goes on and is beyond the limit by the rows of now, its leads; of what has ended, who was told of its beginning. In one
 * order, so that two who ask at once wait for each other.
 */
async function readDue(client: ClientBase, limit: string, now: Date): Promise<Due[]> {
  const { rows } = await client.query<Due>(
    `WITH share AS (
       SELECT a.resource_id::text AS resource_id, v.name AS venture, v.lead_email::text AS address,
              min(a.resource_name) AS resource, sum(a.allocation_percentage) AS percent
         FROM venture_resource_allocations a JOIN ventures v ON v.id = a.venture_id
        WHERE a.status = 'active'
        GROUP BY a.resource_id, v.id, v.name, v.lead_email
     ), resource AS (
       SELECT resource_id, min(resource) AS resource, sum(percent) AS percent,
              jsonb_agg(jsonb_build_object('venture', venture, 'ratio', percent / 100) ORDER BY percent DESC, venture) AS shares
         FROM share GROUP BY resource_id
     ), conflict AS (
       SELECT al.id AS "alertId", al.entity, al.starts_at AS "startsAt", al.ends_at AS "endsAt", al.annotations,
              greatest(0, floor(extract(epoch FROM $2::timestamptz - al.starts_at) / 86400))::int AS days,
              coalesce(r.resource, al.annotations ->> 'resource', 'A resource') AS resource,
              (r.percent / 100)::float8 AS ratio, $3::float8 AS limit, coalesce(r.shares, '[]') AS shares
         FROM portfolio_actions.alerts al LEFT JOIN resource r ON r.resource_id = al.entity
        WHERE al.alertname = $1
          AND (al.ends_at > $2::timestamptz - interval '90 days' OR (al.ends_at IS NULL AND r.percent / 100 > $3::numeric))
     )
     SELECT c.*, s.address
       FROM conflict c JOIN share s ON s.resource_id = c.entity
      WHERE c."endsAt" IS NULL AND s.address IS NOT NULL
     UNION
     SELECT c.*, split_part(t.action, ':', 3)
       FROM conflict c JOIN portfolio_actions.actions t ON t.alert_id = c."alertId" AND t.action LIKE 'tell\\_lead:%'
      WHERE c."endsAt" IS NOT NULL
        AND NOT EXISTS (SELECT FROM portfolio_actions.actions o
                         WHERE o.alert_id = c."alertId" AND o.action = 'tell_lead:over:' || split_part(t.action, ':', 3))
      ORDER BY "startsAt", "alertId", address`,
    [ALERT, now, limit],
  );
  return rows;
}
