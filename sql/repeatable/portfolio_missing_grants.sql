-- Two roles with the rights that the exporter and Grafana need and no more.
--
-- portfolio_exporter  reads every table and reporting view; writes kpi_history and the configuration tables.
-- portfolio_grafana   reads the views of schema portfolio_reporting. Viewers of a dashboard can send any SQL through a data source,
--                     so this role sees no table. What PostgreSQL gives to everybody remains (built-in functions, NOTIFY, and
--                     temporary tables unless somebody runs REVOKE TEMPORARY ON DATABASE ... FROM PUBLIC).
--
-- Both are created without LOGIN and without a password. An administrator makes them usable in one of two ways:
--   ALTER ROLE portfolio_exporter LOGIN PASSWORD '...';     -- log in as the role itself, or
--   GRANT portfolio_exporter TO an_existing_login;          -- let a login inherit its rights
-- The settings of portfolio_grafana (read-only transactions, time limits, connections) hold only for the first way: PostgreSQL
-- applies the settings of the role that logs in, not of the roles it belongs to. They are a belt; the missing rights are the
-- braces: a session may set its limits anew, except the number of connections. docs/deployment.md says what else there is.
--
-- Roles belong to the whole cluster and need CREATEROLE. Without it this migration grants what it may to the roles that
-- exist; `SELECT * FROM portfolio_missing_grants()` lists, at any time, the statements left to an administrator, and
-- `SELECT * FROM portfolio_apply_grants()` runs those that the caller may run and returns the rest.

CREATE OR REPLACE FUNCTION portfolio_missing_grants() RETURNS SETOF text
LANGUAGE sql STABLE AS $$
  WITH wanted_role (role, role_id) AS (
    SELECT wanted.role, r.oid
      FROM (VALUES ('portfolio_exporter'), ('portfolio_grafana')) AS wanted (role)
      LEFT JOIN pg_roles r ON r.rolname = wanted.role
  ),
  read_table (name) AS (
    VALUES ('ventures'), ('venture_metrics'), ('venture_assessments'), ('synergy_opportunities'),
           ('portfolio_coordination_plans'), ('synergy_initiatives'), ('initiative_ventures'), ('initiative_milestones'),
           ('initiative_notifications'), ('initiative_responses'),
           ('value_capture_log'), ('venture_resource_usage'), ('venture_resource_allocations'), ('resource_conflicts'),
           ('venture_dependencies'), ('portfolio_coordination_config'), ('portfolio_coordination_config_history'),
           ('kpi_history'), ('kpi_history_days'), ('source_heartbeats'), ('portfolio_locks'),
           ('portfolio_schema_migrations')
  ),
  relation_right (role, relation_id, privilege) AS (
    SELECT 'portfolio_exporter', to_regclass(name)::oid, 'SELECT' FROM read_table
    UNION ALL
    SELECT 'portfolio_exporter', to_regclass(written.name)::oid, written.privilege
      FROM (VALUES ('kpi_history', 'INSERT'), ('kpi_history', 'UPDATE'), ('kpi_history', 'DELETE'),
                   ('kpi_history_days', 'INSERT'), ('kpi_history_days', 'UPDATE'),
                   ('portfolio_coordination_config', 'INSERT'), ('portfolio_coordination_config', 'UPDATE'),
                   ('portfolio_coordination_config_history', 'INSERT'),
                   ('portfolio_locks', 'INSERT'), ('portfolio_locks', 'UPDATE')) AS written (name, privilege)
    UNION ALL
    SELECT 'portfolio_exporter', to_regclass(object)::oid, 'SELECT' FROM portfolio_schema_migrations WHERE kind = 'view'
    UNION ALL
    SELECT reader.role, c.oid, 'SELECT'
      FROM pg_class c
     CROSS JOIN wanted_role reader
     WHERE c.relnamespace = to_regnamespace('portfolio_reporting') AND c.relkind = 'v'
  ),
  -- Tables of one owner share a statement, so that an owner's statement never fails because of somebody else's ventures.
  missing_relation_right (role, owner, schema, relation, privileges) AS (
    SELECT w.role, c.relowner, n.nspname::text, c.relname::text,
           string_agg(needed.privilege, ', ' ORDER BY array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], needed.privilege))
      FROM relation_right needed
      JOIN wanted_role w ON w.role = needed.role
      JOIN pg_class c ON c.oid = needed.relation_id
      JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE w.role_id IS NULL OR NOT has_table_privilege(w.role_id, c.oid, needed.privilege)
     GROUP BY w.role, c.relowner, n.nspname, c.relname
  ),
  -- What a view calls runs with the rights of its reader.
  called_function (role, function_id) AS (
    SELECT 'portfolio_exporter', f.oid
      FROM portfolio_schema_migrations m
      JOIN pg_proc f ON f.oid = to_regprocedure(m.object)::oid
     WHERE m.kind = 'function' AND f.provolatile <> 'v'
    UNION
    SELECT 'portfolio_grafana', d.refobjid
      FROM pg_depend d
      JOIN pg_rewrite r ON r.oid = d.objid
      JOIN pg_class c ON c.oid = r.ev_class
     WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_proc'::regclass
       AND c.relnamespace = to_regnamespace('portfolio_reporting')
  ),
  used_schema (role, schema) AS (
    SELECT 'portfolio_exporter', current_schema()::text
    UNION ALL
    SELECT role, 'portfolio_reporting' FROM wanted_role
  ),
  -- Where a name without a schema leads when the role logs in here; elsewhere than the portfolio, it would find nothing.
  role_schema (role, schema) AS (
    SELECT w.role,
           (SELECT n.nspname
              FROM regexp_split_to_table(coalesce(
                     (SELECT substr(entry, length('search_path=') + 1)
                        FROM pg_db_role_setting s, unnest(s.setconfig) AS entry
                       WHERE entry LIKE 'search\_path=%' AND s.setrole IN (0, coalesce(w.role_id, 0))
                         AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
                       ORDER BY s.setrole <> 0 DESC, s.setdatabase <> 0 DESC LIMIT 1),
                     (SELECT boot_val FROM pg_settings WHERE name = 'search_path')), ',')
                   WITH ORDINALITY AS part (name, place)
              JOIN pg_namespace n ON n.nspname = replace(trim(BOTH '" ' FROM part.name), '$user', w.role)
             ORDER BY part.place LIMIT 1)
      FROM wanted_role w
  ),
  missing (position, role, statement) AS (
    SELECT 1, role, format('CREATE ROLE %I NOLOGIN;', role) FROM wanted_role WHERE role_id IS NULL
    UNION ALL
    SELECT 2, role, format('GRANT CONNECT ON DATABASE %I TO %I;', current_database(), role)
      FROM wanted_role
     WHERE NOT has_database_privilege(coalesce(role_id, 0), current_database(), 'CONNECT')
    UNION ALL
    SELECT 3, role, format('GRANT USAGE ON SCHEMA %I TO %I;', schema, role)
      FROM used_schema JOIN wanted_role USING (role)
     WHERE role_id IS NULL OR NOT has_schema_privilege(role_id, schema, 'USAGE')
    UNION ALL
    SELECT 4, role, format('GRANT %s ON %s TO %I;', privileges, string_agg(format('%I.%I', schema, relation), ', ' ORDER BY relation), role)
      FROM missing_relation_right
     GROUP BY role, owner, schema, privileges
    UNION ALL
    SELECT 5, role, format('GRANT EXECUTE ON FUNCTION %s.%I(%s) TO %I;', f.pronamespace::regnamespace, f.proname,
                           pg_get_function_identity_arguments(f.oid), role)
      FROM called_function
      JOIN wanted_role USING (role)
      JOIN pg_proc f ON f.oid = function_id
     WHERE role_id IS NULL OR NOT has_function_privilege(role_id, f.oid, 'EXECUTE')
    UNION ALL
    -- Views that a later migration adds are readable at once.
    SELECT 6, role, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA portfolio_reporting GRANT SELECT ON TABLES TO %I;',
                           pg_get_userbyid(n.nspowner), role)
      FROM wanted_role
      JOIN pg_namespace n ON n.nspname = 'portfolio_reporting'
     WHERE NOT EXISTS (SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) granted
                        WHERE d.defaclrole = n.nspowner AND d.defaclnamespace = n.oid AND d.defaclobjtype = 'r'
                          AND granted.grantee = role_id AND granted.privilege_type = 'SELECT')
    UNION ALL
    SELECT 7, role, format('ALTER ROLE %I SET %s = %L;', role, setting.name, setting.value)
      FROM wanted_role
     CROSS JOIN (VALUES ('default_transaction_read_only', 'on'), ('statement_timeout', '30s'), ('lock_timeout', '5s'),
                        ('idle_in_transaction_session_timeout', '1min')) AS setting (name, value)
     WHERE role = 'portfolio_grafana'
       AND NOT EXISTS (SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS entry
                        WHERE s.setrole = role_id AND entry LIKE setting.name || '=%'
                          AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))
    UNION ALL
    -- The one limit that a session cannot lift: connections are left for the exporter, whatever dashboards do.
    SELECT 8, w.role, format('ALTER ROLE %I CONNECTION LIMIT 20;', w.role)
      FROM wanted_role w LEFT JOIN pg_roles r ON r.oid = w.role_id
     WHERE w.role = 'portfolio_grafana' AND coalesce(r.rolconnlimit, -1) = -1
    UNION ALL
    SELECT 9, role, format('ALTER ROLE %I IN DATABASE %I SET search_path = %s;', role, current_database(),
                           (SELECT string_agg(quote_ident(schema), ', ' ORDER BY place)
                              FROM unnest(current_schemas(false)) WITH ORDINALITY AS path (schema, place)))
      FROM role_schema
     WHERE schema IS DISTINCT FROM current_schema()
    UNION ALL
    -- A database upgraded from before PostgreSQL 15 lets everybody create tables in schema public.
    SELECT 10, role, format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC;', current_schema())
      FROM wanted_role
     WHERE role = 'portfolio_grafana' AND has_schema_privilege(role_id, current_schema(), 'CREATE')
  )
  SELECT statement FROM missing ORDER BY position, role, statement
$$;
COMMENT ON FUNCTION portfolio_missing_grants() IS
  'statements that portfolio_exporter and portfolio_grafana still need, in order; empty when nothing is missing';
REVOKE EXECUTE ON FUNCTION portfolio_missing_grants() FROM PUBLIC;
