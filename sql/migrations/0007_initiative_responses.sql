-- The clock of an escalation: who was told about a delayed milestone and when, who answered, and since when a milestone
-- stands with its deadline. Beside that the indexes for conflicts that are open, however old.

CREATE TABLE initiative_notifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  milestone_id uuid NOT NULL REFERENCES initiative_milestones (id) ON DELETE CASCADE,
  recipient text NOT NULL CHECK (recipient ~ '[^[:space:]]'),
  notified_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX initiative_notifications_milestone_idx ON initiative_notifications (milestone_id, notified_at);
COMMENT ON COLUMN initiative_notifications.recipient IS 'who was told that the milestone is late';
COMMENT ON COLUMN initiative_notifications.notified_at IS 'the first one about a delay starts the time to answer';

CREATE TABLE initiative_responses (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  initiative_id uuid NOT NULL REFERENCES synergy_initiatives (id) ON DELETE CASCADE,
  responded_by text NOT NULL CHECK (responded_by ~ '[^[:space:]]'),
  responded_at timestamptz NOT NULL DEFAULT now(),
  note text NOT NULL CHECK (note ~ '[^[:space:]]')
);
CREATE INDEX initiative_responses_initiative_idx ON initiative_responses (initiative_id, responded_at);
COMMENT ON COLUMN initiative_responses.responded_at IS 'answers every delay of the initiative whose time to answer had begun';

-- A milestone that was late before this migration counts from now on: nobody is escalated by an upgrade.
ALTER TABLE initiative_milestones ADD COLUMN deadline_set_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN initiative_milestones.deadline_set_at IS
  'since when the open milestone stands with its present deadline; set by a trigger when the deadline changes or the milestone is opened again';

CREATE FUNCTION portfolio_set_deadline_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.deadline_set_at := now();
  RETURN NEW;
END
$$;

CREATE TRIGGER portfolio_set_deadline_time BEFORE UPDATE ON initiative_milestones
  FOR EACH ROW
  WHEN (OLD.deadline IS DISTINCT FROM NEW.deadline OR (OLD.completed_at IS NOT NULL AND NEW.completed_at IS NULL))
  EXECUTE FUNCTION portfolio_set_deadline_time();

CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON initiative_notifications
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON initiative_responses
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();

-- Open conflicts of any age, by themselves and, for a past day, with those resolved after it.
CREATE INDEX resource_conflicts_unresolved_idx ON resource_conflicts (detected_at)
  WHERE status <> 'RESOLVED' OR resolved_at IS NULL;
CREATE INDEX resource_conflicts_resolved_at_idx ON resource_conflicts (resolved_at);

-- The same as before, with the two new tables.
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
           ('portfolio_schema_migrations'), ('portfolio_schema_checksums')
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
    SELECT reader.role, c.oid, 'SELECT'
      FROM pg_class c
     CROSS JOIN wanted_role reader
     WHERE c.relnamespace = to_regnamespace('reporting') AND c.relkind = 'v'
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
  used_schema (role, schema) AS (
    SELECT 'portfolio_exporter', current_schema()::text
    UNION ALL
    SELECT role, 'reporting' FROM wanted_role
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
    SELECT 5, role, format('GRANT EXECUTE ON FUNCTION %s.%s() TO %I;', f.pronamespace::regnamespace, f.proname, role)
      FROM wanted_role
      JOIN pg_proc f ON f.oid = to_regproc('portfolio_missing_grants')::oid
     WHERE role = 'portfolio_exporter' AND (role_id IS NULL OR NOT has_function_privilege(role_id, f.oid, 'EXECUTE'))
    UNION ALL
    -- Views that a later migration adds are readable at once.
    SELECT 6, role, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA reporting GRANT SELECT ON TABLES TO %I;',
                           pg_get_userbyid(n.nspowner), role)
      FROM wanted_role
      JOIN pg_namespace n ON n.nspname = 'reporting'
     WHERE NOT EXISTS (SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) granted
                        WHERE d.defaclrole = n.nspowner AND d.defaclnamespace = n.oid AND d.defaclobjtype = 'r'
                          AND granted.grantee = role_id AND granted.privilege_type = 'SELECT')
    UNION ALL
    SELECT 7, role, format('ALTER ROLE %I SET %s = %L;', role, setting.name, setting.value)
      FROM wanted_role
     CROSS JOIN (VALUES ('default_transaction_read_only', 'on'), ('statement_timeout', '30s')) AS setting (name, value)
     WHERE role = 'portfolio_grafana'
       AND NOT EXISTS (SELECT FROM pg_db_role_setting s, unnest(s.setconfig) AS entry
                        WHERE s.setrole = role_id AND entry LIKE setting.name || '=%'
                          AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))
    UNION ALL
    -- A database upgraded from before PostgreSQL 15 lets everybody create tables in schema public.
    SELECT 8, role, format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC;', current_schema())
      FROM wanted_role
     WHERE role = 'portfolio_grafana' AND has_schema_privilege(role_id, current_schema(), 'CREATE')
  )
  SELECT statement FROM missing ORDER BY position, role, statement
$$;

REVOKE EXECUTE ON FUNCTION portfolio_set_deadline_time() FROM PUBLIC;

DO $$
DECLARE
  remaining bigint;
BEGIN
  SELECT count(*) INTO remaining FROM portfolio_apply_grants();
  IF remaining > 0 THEN
    RAISE WARNING '% statements are left to an administrator of this server', remaining
      USING HINT = 'SELECT * FROM portfolio_missing_grants();';
  END IF;
END
$$;
