import type { ClientBase } from 'pg';

/**
 * Tables of the portfolio's schema whose rows nobody has let the exporter or the actions process read: with row-level
 * security and no policy for a role its queries answer 0 rows, without an error. Asked of this role too. Only reads.
 */
export async function rowSecurityWarnings(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ place: string; roles: string; policy_roles: string }>(SUBJECT);
  return rows.map(
    ({ place, roles, policy_roles: to }) =>
      `${place} has row-level security and no policy for ${roles}: its queries see no row of it and say nothing; ` +
      `fix: CREATE POLICY portfolio_reads ON ${place} FOR SELECT TO ${to} USING (true);`,
  );
}

const READERS = `'portfolio_actions', 'portfolio_exporter'`;

const SUBJECT = `
  SELECT format('%I.%I', n.nspname, c.relname) AS place,
         string_agg(quote_ident(r.rolname), ' and ' ORDER BY r.rolname) AS roles,
         coalesce(string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname) FILTER (WHERE r.rolname IN (${READERS})),
                  quote_ident(max(r.rolname))) AS policy_roles
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_roles r ON r.rolname IN (current_user, ${READERS})
   WHERE n.nspname = current_schema()
     AND c.relkind IN ('r', 'p')
     AND c.relrowsecurity
     AND NOT r.rolsuper
     AND NOT r.rolbypassrls
     AND (c.relforcerowsecurity OR NOT pg_catalog.pg_has_role(r.oid, c.relowner, 'USAGE'))
     AND pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT')
     AND NOT EXISTS (SELECT
                       FROM pg_catalog.pg_policy p
                      WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                        AND EXISTS (SELECT FROM unnest(p.polroles) AS granted (role)
                                     WHERE granted.role = 0 OR pg_catalog.pg_has_role(r.oid, granted.role, 'USAGE')))
   GROUP BY n.nspname, c.relname
   ORDER BY 1`;
