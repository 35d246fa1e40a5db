-- Back to their days.
UPDATE venture_metrics SET recorded_at = recorded_at - 1000 WHERE recorded_at > (SELECT today + 500 FROM portfolio_reporting.clock);
