-- The owner is back.
UPDATE synergy_initiatives SET owner_name = 'Chloe Martin' WHERE code = 'ANALYTICS-COMMON';
