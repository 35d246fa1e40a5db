-- It is planned again.
UPDATE venture_resource_allocations SET status = 'planned' WHERE status = 'active' AND (resource_name, venture_id) IN (SELECT 'Platform engineers', id FROM ventures WHERE name = 'Quarry Robotics' UNION ALL SELECT 'Security engineer', id FROM ventures WHERE name = 'Fernhill Analytics');
