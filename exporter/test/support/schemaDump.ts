import type { ClientBase } from 'pg';

/** Lines that hold the body of a view or function: their wording differs between versions of PostgreSQL. */
export const VIEW_BODY = /^ {2}as /;

// Only catalogs, and only what PostgreSQL 15 and 18 write alike: no pg_dump of the newest version is needed. Rights of owners
// are left out (version 17 has one more), and so are NOT NULL constraints (since 18 in pg_constraint too).
const QUERY = `
  WITH relation AS (
    SELECT c.oid, c.relkind, c.relacl, c.relowner,
           CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'portfolio_reporting', 'portfolio_actions') AND c.relkind IN ('r', 'v')
  ),
  own_schema AS (
    SELECT * FROM pg_namespace WHERE nspname IN ('portfolio_reporting', 'portfolio_actions', 'graphile_worker')
  ),
  line (object, section, position, text) AS (
    SELECT name, 0, 0, CASE relkind WHEN 'v' THEN 'view ' ELSE 'table ' END || name FROM relation
    UNION ALL
    SELECT r.name, 1, a.attnum, '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
           || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
           || CASE a.attidentity WHEN 'a' THEN ' generated always as identity' ELSE '' END
           || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
           || coalesce(' -- ' || col_description(r.oid, a.attnum), '')
      FROM relation r
      JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT r.name, 2, 0, '  constraint ' || conname || ' ' || pg_get_constraintdef(k.oid)
      FROM relation r JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('c', 'f', 'p', 'u')
    UNION ALL
    SELECT r.name, 3, 0, '  ' || pg_get_indexdef(i.indexrelid)
      FROM relation r JOIN pg_index i ON i.indrelid = r.oid
     WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
    UNION ALL
    SELECT r.name, 4, 0, '  ' || pg_get_triggerdef(t.oid)
      FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT r.name, 5, n, '  as ' || body
      FROM relation r, regexp_split_to_table(pg_get_viewdef(r.oid), E'\\n') WITH ORDINALITY AS part (body, n)
     WHERE r.relkind = 'v'
    UNION ALL
    SELECT r.name, 6, 0, '  grant ' || string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type) || ' to ' || pg_get_userbyid(g.grantee)
      FROM relation r, aclexplode(r.relacl) g WHERE g.grantee <> r.relowner GROUP BY r.name, g.grantee
    UNION ALL
    SELECT 'function ' || p.proname, 0, 0,
           'function ' || p.oid::regprocedure || ' returns ' || pg_get_function_result(p.oid)
           || ' language ' || l.lanname || CASE p.provolatile WHEN 's' THEN ' stable' WHEN 'i' THEN ' immutable' ELSE '' END
           || CASE WHEN p.prosecdef THEN ' security definer' ELSE '' END
           || coalesce(' set ' || array_to_string(p.proconfig, ', '), '') || coalesce(' body ' || md5(nullif(p.prosrc, '')), '')
      FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
     WHERE p.pronamespace IN ('public'::regnamespace, to_regnamespace('portfolio_reporting'))
    UNION ALL
    SELECT 'function ' || p.proname, 2, n, '  as ' || body
      FROM pg_proc p, regexp_split_to_table(pg_get_function_sqlbody(p.oid), E'\\n') WITH ORDINALITY AS part (body, n)
     WHERE p.pronamespace IN ('public'::regnamespace, to_regnamespace('portfolio_reporting'))
    UNION ALL
    SELECT 'function ' || p.proname, 1, 0,
           '  grant ' || g.privilege_type || ' to ' || CASE g.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END
      FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
     WHERE p.pronamespace IN ('public'::regnamespace, to_regnamespace('portfolio_reporting')) AND g.grantee <> p.proowner
    UNION ALL
    SELECT 'schema ' || nspname, 0, 0, 'schema ' || nspname FROM own_schema
    UNION ALL
    SELECT 'schema ' || nspname, 1, 0, '  grant ' || g.privilege_type || ' to ' || pg_get_userbyid(g.grantee)
      FROM own_schema n, aclexplode(n.nspacl) g WHERE g.grantee <> n.nspowner
    UNION ALL
    SELECT 'schema portfolio_reporting', 2, 0, '  by default grant ' || g.privilege_type || ' on tables to ' || pg_get_userbyid(g.grantee)
      FROM pg_default_acl d, aclexplode(d.defaclacl) g
     WHERE d.defaclnamespace = to_regnamespace('portfolio_reporting') AND d.defaclobjtype = 'r'
    UNION ALL
    SELECT 'role ' || rolname, 0, 0,
           'role ' || rolname || CASE WHEN rolcanlogin THEN ' login' ELSE ' nologin' END
           || CASE WHEN rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls THEN ' powerful' ELSE '' END
      FROM pg_roles WHERE rolname LIKE 'portfolio%'
    UNION ALL
    SELECT 'role ' || pg_get_userbyid(s.setrole), 1, 0, '  set ' || entry
      FROM pg_db_role_setting s, unnest(s.setconfig) entry WHERE pg_get_userbyid(s.setrole) LIKE 'portfolio%'
  )
  SELECT text FROM line ORDER BY object COLLATE "C", section, position, text COLLATE "C"`;

/**
 * Everything that the migrations make, as text in a fixed order: tables with columns, constraints, indexes and
 * triggers, views, functions, roles and rights.
 */
export async function dumpSchema(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ text: string }>(QUERY);
  return `${rows.map(({ text }) => text).join('\n')}\n`;
}
