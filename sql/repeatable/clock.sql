-- One row. wall is local wall-clock time written as UTC: what a dashboard fixed to UTC shows as now.
CREATE OR REPLACE VIEW portfolio_reporting.clock AS
SELECT zone.time_zone,
       now() AS now,
       (now() AT TIME ZONE zone.time_zone)::date AS today,
       (now() AT TIME ZONE zone.time_zone) AT TIME ZONE 'UTC' AS wall,
       zone.carry_forward_days
  FROM (SELECT coalesce((SELECT parameter_value FROM portfolio_coordination_config
                          WHERE parameter_name = 'time_zone'), 'UTC') AS time_zone,
               coalesce((SELECT parameter_value::int FROM portfolio_coordination_config
                          WHERE parameter_name = 'carry_forward_days'), 3) AS carry_forward_days) AS zone;
