-- The ventures of the portfolio. A database that already has a ventures table keeps its columns and rows as they are: only the
-- columns that the KPIs read are looked for, whatever their text-like type (varchar, an enum, citext).
CREATE TABLE IF NOT EXISTS ventures (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  lead_name text,
  lead_email text,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Nothing is altered here: each error names what the existing table lacks together with the statement that mends it.
DO $$
DECLARE
  ventures CONSTANT regclass := 'ventures'::regclass;
  has_primary_key CONSTANT boolean := EXISTS (SELECT FROM pg_index WHERE indrelid = ventures AND indisprimary);
  missing text;
  fix text;
  id_number smallint;
  id_type regtype;
BEGIN
  IF (SELECT relkind NOT IN ('r', 'p') FROM pg_class WHERE oid = ventures) THEN
    RAISE EXCEPTION 'the existing % is not a table, so the portfolio tables cannot refer to its rows', ventures
      USING ERRCODE = 'wrong_object_type',
            HINT = 'Give the portfolio a schema of its own: CREATE SCHEMA portfolio; ALTER ROLE ... SET search_path = portfolio;';
  END IF;

  SELECT string_agg(needed.name, ', ' ORDER BY needed.position),
         string_agg(format('ALTER TABLE %s ADD COLUMN %I %s;', ventures, needed.name, needed.definition),
                    ' ' ORDER BY needed.position)
    INTO missing, fix
    FROM (VALUES (1, 'id', 'uuid ' || CASE WHEN has_primary_key THEN 'NOT NULL UNIQUE' ELSE 'PRIMARY KEY' END
                             || ' DEFAULT gen_random_uuid()'),
                 (2, 'name', 'text'),
                 (3, 'status', $q$text NOT NULL DEFAULT 'active'$q$),
                 (4, 'lead_name', 'text'),
                 (5, 'lead_email', 'text')) AS needed (position, name, definition)
   WHERE NOT EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = ventures AND a.attname = needed.name
                        AND a.attnum > 0 AND NOT a.attisdropped);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'the existing table % lacks: %', ventures, missing
      USING ERRCODE = 'undefined_column', HINT = fix;
  END IF;

  SELECT a.attnum, a.atttypid INTO id_number, id_type FROM pg_attribute a WHERE a.attrelid = ventures AND a.attname = 'id';
  IF id_type <> 'uuid'::regtype THEN
    RAISE EXCEPTION 'the column id of the existing table % is %, not uuid, by which the portfolio tables refer to it',
                    ventures, id_type
      USING ERRCODE = 'datatype_mismatch',
            HINT = 'Give the portfolio a schema of its own with its own ventures: '
                   'CREATE SCHEMA portfolio; ALTER ROLE ... SET search_path = portfolio;';
  END IF;

  -- What a foreign key accepts as its target.
  IF NOT EXISTS (SELECT FROM pg_index i
                  WHERE i.indrelid = ventures AND i.indisunique AND i.indimmediate AND i.indisvalid
                    AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = id_number) THEN
    RAISE EXCEPTION 'the existing table % has no primary key or unique constraint on id', ventures
      USING ERRCODE = 'invalid_foreign_key',
            HINT = format('ALTER TABLE %s ADD %s (id);', ventures,
                          CASE WHEN has_primary_key THEN 'UNIQUE' ELSE 'PRIMARY KEY' END);
  END IF;

  -- The trigger is the one that announces its changes (0004).
  IF NOT (has_table_privilege(ventures, 'SELECT') AND has_table_privilege(ventures, 'REFERENCES')
          AND has_table_privilege(ventures, 'TRIGGER')) THEN
    RAISE EXCEPTION 'the role % may not read the existing table %, refer to it and be told of its changes', current_user, ventures
      USING ERRCODE = 'insufficient_privilege',
            HINT = format('GRANT SELECT, REFERENCES, TRIGGER ON %s TO %I;', ventures, current_user);
  END IF;
END
$$;
