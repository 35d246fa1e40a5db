CREATE OR REPLACE VIEW portfolio_reporting.thresholds AS
SELECT parameter_name AS name, parameter_value::numeric AS value, unit
  FROM portfolio_coordination_config
 WHERE parameter_type = 'NUMBER';
