import type { ClientBase } from 'pg';

/**
 * What an Alertmanager would tell of the demo's rows as they are, each since `now`: the resource that is over-allocated, and the
 * milestones of active initiatives that are more than three days late. In its webhook format, as far as that is read.
 */
export async function demoNotifications(client: ClientBase, now: Date): Promise<object[]> {
  const { rows } = await client.query<{ labels: Record<string, string>; summary: string }>(
    `SELECT jsonb_build_object('alertname', 'ResourceConflictDetected', 'resource_id', resource_id) AS labels,
            format('%s over-allocated', min(resource_name)) AS summary
       FROM venture_resource_allocations
      WHERE status = 'active'
      GROUP BY resource_id HAVING sum(allocation_percentage) > 100
     UNION ALL
     SELECT jsonb_build_object('alertname', 'SynergyInitiativeDelayed', 'initiative_id', i.id, 'milestone_id', m.id),
            format('%s of %s is late', m.name, i.name)
       FROM initiative_milestones m JOIN synergy_initiatives i ON i.id = m.initiative_id
      WHERE i.status = 'ACTIVE' AND m.completed_at IS NULL AND m.deadline < $1::timestamptz::date - 3`,
    [now],
  );
  return rows.map(({ labels, summary }) => ({
    version: '4',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations: { summary },
        startsAt: now.toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
      },
    ],
  }));
}
