-- The writer of the conflicts was last heard of two hours ago.
UPDATE source_heartbeats SET seen_at = now() - interval '2 hours' WHERE source = 'resource_conflicts';
