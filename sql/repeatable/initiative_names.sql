CREATE OR REPLACE VIEW portfolio_reporting.initiative_names AS
SELECT id::text AS initiative_id,
       CASE WHEN count(*) OVER (PARTITION BY name, left(id::text, 8)) > 1 THEN name || ' (' || id || ')'
            WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || left(id::text, 8) || ')'
            ELSE name
       END AS initiative,
       status
  FROM (SELECT id, coalesce(nullif(name, ''), id::text) AS name, status FROM synergy_initiatives) AS i;
COMMENT ON VIEW portfolio_reporting.initiative_names IS 'Label of an initiative, unique also where a name is not; one row per initiative';
