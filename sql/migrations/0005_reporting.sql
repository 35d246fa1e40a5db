-- What Grafana may read: views in schema reporting, nothing else. Views run with their owner's rights, functions inside
-- them with the reader's, so these are views only.
CREATE SCHEMA reporting;

CREATE VIEW reporting.thresholds AS
SELECT parameter_name AS name, parameter_value::numeric AS value, unit
  FROM portfolio_coordination_config
 WHERE parameter_type = 'NUMBER';

-- One row. wall is local wall-clock time written as UTC: what a dashboard fixed to UTC shows as now.
CREATE VIEW reporting.clock AS
SELECT zone.time_zone,
       now() AS now,
       (now() AT TIME ZONE zone.time_zone)::date AS today,
       (now() AT TIME ZONE zone.time_zone) AT TIME ZONE 'UTC' AS wall,
       zone.carry_forward_days
  FROM (SELECT coalesce((SELECT parameter_value FROM portfolio_coordination_config
                          WHERE parameter_name = 'time_zone'), 'UTC') AS time_zone,
               coalesce((SELECT parameter_value::int FROM portfolio_coordination_config
                          WHERE parameter_name = 'carry_forward_days'), 3) AS carry_forward_days) AS zone;
