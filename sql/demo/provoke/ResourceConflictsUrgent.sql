-- What is planned for the platform and security engineers begins at once: with the CTO, three resources are over 100%.
UPDATE venture_resource_allocations SET status = 'active' WHERE status = 'planned' AND resource_name IN ('Platform engineers', 'Security engineer');
