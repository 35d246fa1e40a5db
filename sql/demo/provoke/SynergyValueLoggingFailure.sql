-- The writer of the value log was last heard of two hours ago.
UPDATE source_heartbeats SET seen_at = now() - interval '2 hours' WHERE source = 'value_capture_log';
