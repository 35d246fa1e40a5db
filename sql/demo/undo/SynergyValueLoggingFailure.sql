-- It is heard of again.
UPDATE source_heartbeats SET seen_at = now() WHERE source = 'value_capture_log';
