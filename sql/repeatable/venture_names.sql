-- Panels tell series apart by their name, tables by their key. The key's first characters are not enough where keys count
-- up or begin with a time.
CREATE OR REPLACE VIEW portfolio_reporting.venture_names AS
SELECT id::text AS venture_id,
       CASE WHEN count(*) OVER (PARTITION BY name, left(id::text, 8)) > 1 THEN name || ' (' || id || ')'
            WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || left(id::text, 8) || ')'
            ELSE name
       END AS venture,
       status
  FROM (SELECT id, coalesce(nullif(name::text, ''), id::text) AS name, status::text AS status FROM ventures) AS v;
COMMENT ON VIEW portfolio_reporting.venture_names IS 'Label of a venture, unique also where a name is not; one row per venture';
