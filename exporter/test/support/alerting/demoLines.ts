import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from 'pg';

const LINES = fileURLToPath(new URL('../../../../sql/demo/', import.meta.url));

type Queryable = Pick<Client, 'query'>;

/** Runs the documented line of an alert, sql/demo/{provoke,undo}/<alert>.sql; throws where it changes nothing. */
export async function runDemoLine(client: Queryable, direction: 'provoke' | 'undo', alert: string): Promise<void> {
  const { rowCount } = await client.query(await readFile(`${LINES}${direction}/${alert}.sql`, 'utf8'));
  if (rowCount === 0) throw new Error(`sql/demo/${direction}/${alert}.sql changed nothing`);
}

/** Ends the two alerts that fire on the demo portfolio by themselves (docs/demo-alerts.md). */
export async function quieten(client: Queryable): Promise<void> {
  await client.query(`UPDATE initiative_milestones SET completed_at = now() WHERE name = 'Checkout integration'`);
  await client.query(
    `UPDATE venture_resource_allocations SET allocation_percentage = 25
      WHERE resource_name = 'CTO time' AND allocation_percentage = 30`,
  );
}

/** The addresses of the leads who share a resource. */
export async function leadsOf(client: Queryable, resource: string): Promise<string[]> {
  const { rows } = await client.query<{ email: string }>(
    `SELECT DISTINCT v.lead_email::text AS email
       FROM venture_resource_allocations a JOIN ventures v ON v.id = a.venture_id
      WHERE a.resource_name = $1 AND a.status = 'active'`,
    [resource],
  );
  return rows.map(({ email }) => email);
}

/** The address of a milestone's owner. */
export async function ownerOf(client: Queryable, milestone: string): Promise<string> {
  const { rows } = await client.query<{ email: string }>(
    'SELECT owner_email AS email FROM initiative_milestones WHERE name = $1',
    [milestone],
  );
  return rows[0]?.email ?? '';
}
