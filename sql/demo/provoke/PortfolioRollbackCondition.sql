-- An active initiative, launched more than 90 days ago, has cost a hundred times as much.
UPDATE synergy_initiatives SET implementation_cost = implementation_cost * 100 WHERE code = (SELECT min(code) FROM synergy_initiatives WHERE status = 'ACTIVE' AND launched_at < now() - interval '91 days');
