-- What a value event is worth in dollars. Risk is a score, never money: NULL; so are hours where no rate is known.
CREATE OR REPLACE FUNCTION portfolio_value_in_dollars(value_type text, value_amount numeric, hourly_rate numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value_amount * CASE value_type
                        WHEN 'COST_SAVED' THEN 1
                        WHEN 'REVENUE_GENERATED' THEN 1
                        WHEN 'TIME_SAVED_HOURS' THEN hourly_rate
                      END;
COMMENT ON FUNCTION portfolio_value_in_dollars(text, numeric, numeric) IS
  'dollars of a value event of the type; NULL for risk, and for hours without a rate';
