import type { ClientBase } from 'pg';

export interface FoundInitiative {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** Whatever people call it: its code, or the name or id of one of its open milestones. More than one where a name is not one's own. */
export async function findInitiative(client: ClientBase, wanted: string): Promise<FoundInitiative[]> {
  const { rows } = await client.query<FoundInitiative>(
    `SELECT DISTINCT i.id, i.code, i.name
       FROM synergy_initiatives i
       LEFT JOIN initiative_milestones m ON m.initiative_id = i.id AND m.completed_at IS NULL
      WHERE lower(i.code) = lower($1) OR i.id::text = lower($1) OR lower(m.name) = lower($1) OR m.id::text = lower($1)
      ORDER BY i.code LIMIT 10`,
    [wanted.trim()],
  );
  return rows;
}
