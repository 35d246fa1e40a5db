-- Back to the revenue before.
UPDATE venture_metrics SET monthly_revenue = monthly_revenue + 90000 WHERE venture_id = (SELECT id FROM ventures WHERE name = 'Vela Payments') AND recorded_at = (SELECT max(recorded_at) FROM venture_metrics);
