-- Back to the rates before: dividing by four and multiplying by it are exact.
UPDATE kpi_history SET value = value * 4 WHERE kpi = 'synergy_capture_rate' AND metric = 'portfolio_synergy_capture_ratio' AND day >= (SELECT date_trunc('month', today) - interval '2 months' FROM portfolio_reporting.clock) AND day < (SELECT date_trunc('month', today) FROM portfolio_reporting.clock);
