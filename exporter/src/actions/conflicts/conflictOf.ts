import type { ClientBase } from 'pg';
import { z } from 'zod';

const conflictRow = z.object({
  conflictId: z.string(),
  resourceId: z.string(),
  resource: z.string(),
  detectedAt: z.date(),
});

/** An open conflict about a resource. What is in it is hostile. */
export type OpenConflict = z.infer<typeof conflictRow>;

/** The first open conflict about a resource; null: none. Throws pg errors. */
export async function conflictOf(client: ClientBase, resourceId: string): Promise<OpenConflict | null> {
  const { rows } = await client.query(
    `SELECT conflict_id AS "conflictId", resource_id AS "resourceId", resource_name AS resource, detected_at AS "detectedAt"
       FROM resource_conflicts WHERE resource_id = $1 AND status <> 'RESOLVED' ORDER BY detected_at, conflict_id LIMIT 1`,
    [resourceId],
  );
  return rows.length === 0 ? null : conflictRow.parse(rows[0]);
}

/** Usable addresses of the leads of the ventures that count on a resource, each once. Throws pg errors. */
export async function leadsOf(client: ClientBase, resourceId: string): Promise<string[]> {
  const { rows } = await client.query<{ address: string }>(
    `SELECT DISTINCT ON (lower(v.lead_email)) v.lead_email AS address
       FROM venture_resource_allocations a JOIN ventures v ON v.id = a.venture_id
      WHERE a.resource_id = $1 AND a.status = 'active' AND portfolio_is_usable_email(v.lead_email)
      ORDER BY lower(v.lead_email)`,
    [resourceId],
  );
  return rows.map(({ address }) => address);
}
