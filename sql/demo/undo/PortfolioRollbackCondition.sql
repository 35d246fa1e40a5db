-- Back to what it cost.
UPDATE synergy_initiatives SET implementation_cost = implementation_cost / 100 WHERE code = (SELECT min(code) FROM synergy_initiatives WHERE status = 'ACTIVE' AND launched_at < now() - interval '91 days');
