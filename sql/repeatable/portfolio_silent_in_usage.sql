-- Active and without usage of any type: what it duplicates is not known, so no reduction compares with it. Who reports other
-- usage and no duplicate one has none.
CREATE OR REPLACE FUNCTION portfolio_silent_in_usage(at_day date) RETURNS TABLE (venture_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT v.id
    FROM ventures v
   WHERE v.status::text = 'active'
     AND NOT EXISTS (SELECT FROM venture_resource_usage u
                      WHERE u.venture_id = v.id
                        AND u.recorded_at >= at_day - 29
                        AND u.recorded_at <= at_day);
END;
COMMENT ON FUNCTION portfolio_silent_in_usage(date) IS 'active ventures without usage in the 30 days to a day';
