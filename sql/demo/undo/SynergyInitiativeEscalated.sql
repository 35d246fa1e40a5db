-- It was answered after 28 hours, as before.
UPDATE initiative_responses SET responded_at = responded_at + interval '720 hours' WHERE initiative_id = (SELECT id FROM synergy_initiatives WHERE code = 'PAYHEALTH-XSELL');
