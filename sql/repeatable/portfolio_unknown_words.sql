-- Words that no constraint holds: the ventures may be a table from elsewhere, and usage may have any type. A word that is not
-- exactly the one that the KPIs look for is left out by them without an error; any other word is somebody's own. A word of
-- usage counts in the 365 days to a day. What is missing has the least venture without it for an example.
CREATE OR REPLACE FUNCTION portfolio_unknown_words(at_day date) RETURNS TABLE ("check" text, word text, venture_id text, "rows" bigint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH wanted_word (kind, word) AS (
    VALUES ('venture_status', 'active'),
           ('resource_usage_type', 'coordination'),
           ('resource_usage_type', 'duplicate_engineering'),
           ('resource_usage_type', 'duplicate_design'),
           ('resource_usage_type', 'duplicate_marketing')
  ),
  -- Equal as the KPIs see it, under whatever collation the column has.
  found_word (kind, word, is_wanted, least_id, "rows") AS (
    SELECT 'venture_status', status::text COLLATE "C", status::text = 'active', min(id::text), count(*)
      FROM ventures
     GROUP BY status::text
    UNION ALL
    SELECT 'resource_usage_type', resource_type COLLATE "C", resource_type IN (SELECT wanted_word.word FROM wanted_word), NULL, count(*)
      FROM venture_resource_usage
     WHERE recorded_at >= at_day - 364
       AND recorded_at <= at_day
     GROUP BY resource_type
  ),
  -- As a person reads it: full-width letters and every kind of space as the plain ones, and without what draws nothing.
  -- PostgreSQL normalizes UTF-8 only.
  read_word AS (
    SELECT found_word.*,
           CASE WHEN getdatabaseencoding() = 'UTF8'
                THEN regexp_replace(normalize(found_word.word, NFKC), '[\u00AD\u1680\u180E\u200B-\u200F\u2028\u2029\u2060\uFEFF]', ' ', 'g')
                ELSE found_word.word
           END AS plain
      FROM found_word
  )
  SELECT 'venture_status_missing', read_word.word, least_id, read_word."rows"
    FROM read_word
   WHERE kind = 'venture_status'
     AND (plain ~ '[^[:space:]]') IS NOT TRUE
  UNION ALL
  SELECT kind || '_misspelt', read_word.word, NULL, read_word."rows"
    FROM read_word
    JOIN wanted_word USING (kind)
   WHERE lower(regexp_replace(plain, '[^A-Za-z0-9]', '', 'g')) = replace(wanted_word.word, '_', '')
     AND NOT is_wanted;
END;
COMMENT ON FUNCTION portfolio_unknown_words(date) IS 'words of ventures and usage that no KPI reads although they are meant for it, with their rows';
