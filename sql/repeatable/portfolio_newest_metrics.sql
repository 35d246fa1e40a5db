-- A venture that has not reported yet keeps its newest row for a while (portfolio_carry_forward), so that a sum does not fall. Not for the views of
-- Grafana: a function reads tables with the rights of who asks.
CREATE OR REPLACE FUNCTION portfolio_newest_metrics(of_venture uuid, at_day date, carry_forward_days integer)
RETURNS TABLE (venture_id uuid, monthly_revenue numeric, monthly_burn numeric, user_count integer)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT m.venture_id, m.monthly_revenue, m.monthly_burn, m.user_count
    FROM venture_metrics m
   WHERE m.venture_id = of_venture
     AND m.recorded_at >= at_day - (SELECT portfolio_carry_forward(v.cadence::text, carry_forward_days)
                                    FROM ventures v WHERE v.id = of_venture)
     AND m.recorded_at <= at_day
   ORDER BY m.recorded_at DESC
   LIMIT 1;
END;
COMMENT ON FUNCTION portfolio_newest_metrics(uuid, date, integer) IS
  'newest row of a venture on a day, not older than its cadence and carry_forward_days allow; none or one';
