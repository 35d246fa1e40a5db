-- The newest row of who reports by week or month counts until the next one is due: a period, and for a month two weeks to close its
-- books. An unknown word is daily.
CREATE OR REPLACE FUNCTION portfolio_carry_forward(cadence text, carry_forward_days integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN carry_forward_days + CASE cadence WHEN 'weekly' THEN 7 WHEN 'monthly' THEN 45 ELSE 0 END;
COMMENT ON FUNCTION portfolio_carry_forward(text, integer) IS
  'for how many days the newest row of a venture with this cadence counts; carry_forward_days is what a daily one has';
