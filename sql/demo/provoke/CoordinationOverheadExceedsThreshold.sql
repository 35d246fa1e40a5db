-- The last complete month closed with twice its coordination overhead.
UPDATE kpi_history SET value = value * 2 WHERE kpi = 'coordination_overhead' AND metric = 'portfolio_coordination_overhead_ratio' AND day >= (SELECT date_trunc('month', today) - interval '1 month' FROM portfolio_reporting.clock) AND day < (SELECT date_trunc('month', today) FROM portfolio_reporting.clock);
