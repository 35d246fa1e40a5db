-- A launched initiative without an owner.
UPDATE synergy_initiatives SET owner_name = NULL WHERE code = 'ANALYTICS-COMMON';
