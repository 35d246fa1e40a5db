CREATE OR REPLACE VIEW portfolio_reporting.threshold_changes AS
SELECT (h.changed_at AT TIME ZONE clock.time_zone) AT TIME ZONE 'UTC' AS changed_at,
       h.parameter_name AS name,
       shown.old_value,
       shown.new_value,
       c.unit,
       h.changed_by,
       h.reason
  FROM portfolio_reporting.clock
  JOIN portfolio_coordination_config_history h ON h.changed_at >= (clock.today - 364)::timestamp AT TIME ZONE clock.time_zone
                                              AND h.changed_at <= clock.now
  LEFT JOIN portfolio_coordination_config c ON c.parameter_name = h.parameter_name
 CROSS JOIN LATERAL (
        SELECT max(readable.text) FILTER (WHERE side = 'old') AS old_value,
               max(readable.text) FILTER (WHERE side = 'new') AS new_value
          FROM (VALUES ('old', h.old_value), ('new', h.new_value)) AS kept (side, value)
         -- What somebody wrote by hand need not be a number; what JavaScript wrote may have an exponent.
         CROSS JOIN LATERAL (SELECT CASE WHEN kept.value ~ '^-?[0-9]{1,15}(\.[0-9]{1,20})?(e-?[0-9]{1,2})?$'
                                         THEN kept.value::numeric END AS number) AS parsed
         CROSS JOIN LATERAL (SELECT CASE
                WHEN parsed.number IS NULL THEN kept.value
                WHEN c.unit = 'ratio' THEN trim_scale(100 * parsed.number) || '%'
                WHEN c.unit = 'dollars' THEN '$' || CASE WHEN parsed.number = trunc(parsed.number)
                                                         THEN to_char(parsed.number, 'FM999,999,999,999,999,990')
                                                         ELSE to_char(parsed.number, 'FM999,999,999,999,999,990.00') END
                -- As thresholds.yaml writes them: 48 h, but 14 d.
                WHEN c.unit = 'seconds' AND parsed.number >= 259200 AND parsed.number % 86400 = 0
                  THEN trim_scale(parsed.number / 86400) || ' d'
                WHEN c.unit = 'seconds' AND parsed.number % 3600 = 0 THEN trim_scale(parsed.number / 3600) || ' h'
                WHEN c.unit = 'seconds' AND parsed.number % 60 = 0 THEN trim_scale(parsed.number / 60) || ' min'
                WHEN c.unit = 'seconds' THEN trim_scale(parsed.number) || ' s'
                ELSE trim_scale(parsed.number)::text
              END AS text) AS readable
       ) AS shown;
COMMENT ON VIEW portfolio_reporting.threshold_changes IS
  'Changes of thresholds and targets in the trailing 365 days, values as people write them; one row per change';
