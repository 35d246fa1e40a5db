-- The rows of the last three days are out of the way, in the far future; PortfolioDataQuality counts them there.
UPDATE venture_metrics SET recorded_at = recorded_at + 1000 WHERE recorded_at > (SELECT today - 3 FROM portfolio_reporting.clock);
