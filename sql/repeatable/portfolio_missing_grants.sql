-- Three roles with the rights that the exporter, the actions process and Grafana need and no more.
--
-- portfolio_exporter  reads every table and reporting view; writes kpi_history and the configuration tables.
-- portfolio_actions   reads what the exporter reads; writes the tables of schema portfolio_actions and its jobs, and of the
--                     portfolio's tables only what happens through it: notifications, responses, conflicts, heartbeats, and the
--                     numbers that people report on its form.
-- portfolio_grafana   reads the views of schema portfolio_reporting. Viewers of a dashboard can send any SQL through a data source,
--                     so this role sees no table. What PostgreSQL gives to everybody remains (built-in functions, NOTIFY, and
--                     temporary tables unless somebody runs REVOKE TEMPORARY ON DATABASE ... FROM PUBLIC).
--
-- All are created without LOGIN and without a password. An administrator makes them usable in one of two ways:
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
      FROM (VALUES ('portfolio_actions'), ('portfolio_exporter'), ('portfolio_grafana')) AS wanted (role)
      LEFT JOIN pg_roles r ON r.rolname = wanted.role
  ),
  -- Not current_schema(): for portfolio_actions that is the schema of its own tables, where no other name leads.
  home (schema) AS (
    SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('portfolio_schema_migrations')
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
  reader (role) AS (
    VALUES ('portfolio_actions'), ('portfolio_exporter')
  ),
  -- By the catalog: who may not use a schema gets an error from to_regclass.
  own_relation (schema, relation, relation_id) AS (
    SELECT n.nspname::text, c.relname::text, c.oid
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('portfolio_actions', 'graphile_worker') AND c.relkind IN ('r', 'v')
  ),
  relation_right (role, relation_id, privilege) AS (
    SELECT role, to_regclass(name)::oid, 'SELECT' FROM read_table CROSS JOIN reader
    UNION ALL
    SELECT role, relation_id, 'SELECT' FROM own_relation CROSS JOIN reader WHERE schema = 'portfolio_actions'
    UNION ALL
    -- Which migrations of the job engine were applied is asked by whoever asks which of ours were.
    SELECT role, relation_id, 'SELECT' FROM own_relation CROSS JOIN reader WHERE schema = 'graphile_worker' AND relation = 'migrations'
    UNION ALL
    SELECT 'portfolio_actions', relation_id, 'SELECT'
      FROM own_relation WHERE schema = 'graphile_worker' AND (relation = 'jobs' OR relation LIKE '\_private\_%')
    UNION ALL
    SELECT 'portfolio_actions', relation_id, privilege
      FROM own_relation CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS own (privilege)
     WHERE (schema = 'portfolio_actions' OR relation LIKE '\_private\_%')
       -- Who entered what is only added to.
       AND (privilege = 'INSERT' OR relation NOT IN ('number_reports', 'number_entries'))
    UNION ALL
    SELECT 'portfolio_actions', to_regclass(written.name)::oid, written.privilege
      FROM (VALUES ('initiative_notifications', 'INSERT'), ('initiative_responses', 'INSERT'),
                   ('resource_conflicts', 'INSERT'), ('resource_conflicts', 'UPDATE'),
                   ('venture_metrics', 'INSERT'), ('venture_metrics', 'UPDATE'),
                   ('venture_assessments', 'INSERT'), ('venture_assessments', 'UPDATE'),
                   ('venture_resource_usage', 'INSERT'), ('venture_resource_usage', 'UPDATE'),
                   ('value_capture_log', 'INSERT'),
                   ('source_heartbeats', 'INSERT'), ('source_heartbeats', 'UPDATE')) AS written (name, privilege)
    UNION ALL
    SELECT 'portfolio_exporter', to_regclass(written.name)::oid, written.privilege
      FROM (VALUES ('kpi_history', 'INSERT'), ('kpi_history', 'UPDATE'), ('kpi_history', 'DELETE'),
                   ('kpi_history_days', 'INSERT'), ('kpi_history_days', 'UPDATE'),
                   ('portfolio_coordination_config', 'INSERT'), ('portfolio_coordination_config', 'UPDATE'),
                   ('portfolio_coordination_config_history', 'INSERT'),
                   ('portfolio_locks', 'INSERT'), ('portfolio_locks', 'UPDATE')) AS written (name, privilege)
    UNION ALL
    SELECT role, to_regclass(object)::oid, 'SELECT' FROM portfolio_schema_migrations CROSS JOIN reader WHERE kind = 'view'
    UNION
    -- Views that others made there as well; each is named once.
    SELECT w.role, c.oid, 'SELECT'
      FROM pg_class c
     CROSS JOIN wanted_role w
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
    SELECT role, f.oid
      FROM portfolio_schema_migrations m
     CROSS JOIN reader
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
    SELECT role, schema FROM reader CROSS JOIN (SELECT schema FROM home UNION ALL VALUES ('portfolio_actions'), ('graphile_worker')) AS of (schema)
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
             WHERE n.nspname <> 'portfolio_actions'
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
      JOIN pg_namespace n ON n.nspname = schema
     WHERE role_id IS NULL OR NOT has_schema_privilege(role_id, n.oid, 'USAGE')
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
     WHERE schema IS DISTINCT FROM (SELECT home.schema FROM home)
    UNION ALL
    -- A database upgraded from before PostgreSQL 15 lets everybody create tables in schema public.
    SELECT 10, role, format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC;', (SELECT schema FROM home))
      FROM wanted_role
     WHERE role = 'portfolio_grafana' AND has_schema_privilege(role_id, (SELECT schema FROM home), 'CREATE')
    UNION ALL
    -- The job engine's tables have row-level security, and would show its workers no row.
    SELECT 11, w.role, format('CREATE POLICY portfolio_actions ON graphile_worker.%I TO portfolio_actions USING (true);', c.relname)
      FROM own_relation JOIN pg_class c ON c.oid = relation_id JOIN wanted_role w ON w.role = 'portfolio_actions'
     WHERE schema = 'graphile_worker' AND c.relrowsecurity
       AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'portfolio_actions')
  )
  SELECT statement FROM missing ORDER BY position, role, statement
$$;
COMMENT ON FUNCTION portfolio_missing_grants() IS
  'statements that portfolio_actions, portfolio_exporter and portfolio_grafana still need, in order; empty when nothing is missing';
REVOKE EXECUTE ON FUNCTION portfolio_missing_grants() FROM PUBLIC;
