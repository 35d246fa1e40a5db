CREATE OR REPLACE VIEW portfolio_reporting.value_capture_events AS
SELECT (e.captured_at AT TIME ZONE clock.time_zone) AT TIME ZONE 'UTC' AS captured_at,
       n.initiative_id,
       n.initiative,
       CASE e.value_type
         WHEN 'COST_SAVED' THEN 'Cost saved'
         WHEN 'REVENUE_GENERATED' THEN 'Revenue generated'
         WHEN 'TIME_SAVED_HOURS' THEN 'Time saved'
         WHEN 'RISK_REDUCED' THEN 'Risk reduced'
       END AS value_type,
       CASE WHEN e.value_type = 'TIME_SAVED_HOURS' THEN trim_scale(e.value_amount) || ' h'
            WHEN e.value_type = 'RISK_REDUCED' THEN 'score ' || trim_scale(e.value_amount)
            WHEN e.value_amount = trunc(e.value_amount) THEN '$' || to_char(e.value_amount, 'FM999,999,999,990')
            ELSE '$' || to_char(e.value_amount, 'FM999,999,999,990.00')
       END AS amount,
       -- Anything else might run in the reader's browser. The rule is that of data_quality, which counts the others.
       CASE WHEN e.evidence_link ~* '^https?://[^[:space:]]+$' THEN e.evidence_link END AS evidence_link,
       e.logged_by
  FROM portfolio_reporting.clock
  JOIN value_capture_log e ON e.captured_at >= (clock.today - 29)::timestamp AT TIME ZONE clock.time_zone
                          AND e.captured_at <= clock.now
  JOIN portfolio_reporting.initiative_names n ON n.initiative_id::uuid = e.initiative_id;
COMMENT ON VIEW portfolio_reporting.value_capture_events IS
  'Value capture events of the trailing 30 days, amounts as text in their own unit; one row per event';
