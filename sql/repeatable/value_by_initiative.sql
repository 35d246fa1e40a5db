CREATE OR REPLACE VIEW portfolio_reporting.value_by_initiative AS
SELECT initiative_id, initiative, cost_saved, revenue_generated, time_value, hours_saved, captured_value
  FROM portfolio_reporting.initiative_value
 -- Unknown only where hours without a rate were saved: that is not nothing.
 WHERE (captured_value > 0) IS NOT FALSE;
COMMENT ON VIEW portfolio_reporting.value_by_initiative IS
  'Captured value since launch by kind, in dollars and hours; one row per initiative that captured any';
