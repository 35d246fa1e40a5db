-- Back to 90%.
UPDATE venture_resource_allocations SET allocation_percentage = allocation_percentage - 15 WHERE resource_name = 'Design studio' AND status = 'active' AND venture_id = (SELECT id FROM ventures WHERE name = 'Lumen Learning');
