-- The conflict about the security engineer has been in progress for three days longer.
UPDATE resource_conflicts SET detected_at = detected_at - interval '72 hours' WHERE resource_name = 'Security engineer' AND status = 'IN_PROGRESS';
