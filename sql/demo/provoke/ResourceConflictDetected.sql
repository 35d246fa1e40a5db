-- The design studio is given away to 105%; no conflict row is opened for it, so PortfolioDataQuality sees it too.
UPDATE venture_resource_allocations SET allocation_percentage = allocation_percentage + 15 WHERE resource_name = 'Design studio' AND status = 'active' AND venture_id = (SELECT id FROM ventures WHERE name = 'Lumen Learning');
