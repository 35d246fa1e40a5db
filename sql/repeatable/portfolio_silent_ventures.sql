-- Their revenue and burn on a day are not known, so no comparison counts them on the other side: silence is no fall.
CREATE OR REPLACE FUNCTION portfolio_silent_ventures(at_day date, carry_forward_days integer) RETURNS TABLE (venture_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT v.id
    FROM ventures v
   WHERE v.status::text = 'active'
     AND NOT EXISTS (SELECT FROM venture_metrics m
                      WHERE m.venture_id = v.id
                        AND m.recorded_at >= at_day - portfolio_carry_forward(v.cadence::text, carry_forward_days)
                        AND m.recorded_at <= at_day);
END;
COMMENT ON FUNCTION portfolio_silent_ventures(date, integer) IS 'active ventures whose newest row of metrics no longer counts on a day';
