-- The writer of the initiatives was last heard of five hours ago.
UPDATE source_heartbeats SET seen_at = now() - interval '5 hours' WHERE source = 'synergy_initiatives';
