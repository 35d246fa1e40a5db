-- The initiatives of portfolio_initiative_value_progress_ratio: completed ones for 90 days.
CREATE OR REPLACE VIEW portfolio_reporting.value_capture_progress AS
SELECT v.initiative_id,
       v.initiative,
       v.status,
       100 * v.captured_value / nullif(v.target_value, 0) AS progress_pct,
       v.captured_value,
       v.target_value,
       -- 99.9% is not the target yet: the number in the label is cut, not rounded.
       v.initiative || ' · ' || coalesce(floor(100 * v.captured_value / nullif(v.target_value, 0)) || '% ($'
                                           || to_char(trunc(v.captured_value), 'FM999,999,999,999,990') || ' of $',
                                         'not known (target $')
         || to_char(v.target_value, 'FM999,999,999,999,990') || ')' AS label
  FROM portfolio_reporting.clock
 CROSS JOIN portfolio_reporting.initiative_value v
  JOIN synergy_initiatives i ON i.id = v.initiative_id::uuid
 WHERE v.target_value > 0
   AND (i.status IN ('ACTIVE', 'PAUSED')
         OR (i.status = 'COMPLETED' AND i.completed_at >= (clock.today - 89)::timestamp AT TIME ZONE clock.time_zone));
COMMENT ON VIEW portfolio_reporting.value_capture_progress IS
  'Captured value of all time against the target value, in percent; one row per initiative that has a target';
