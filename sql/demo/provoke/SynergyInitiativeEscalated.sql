-- The answer to the overdue milestone came before anybody had asked: the delay is unanswered, for three days now.
UPDATE initiative_responses SET responded_at = responded_at - interval '720 hours' WHERE initiative_id = (SELECT id FROM synergy_initiatives WHERE code = 'PAYHEALTH-XSELL');
