-- Who has how much of each resource; the sum is portfolio_resource_allocation_ratio. Earlier allocations are not kept.
SELECT a.resource_id::text AS resource,
       n.venture,
       (sum(a.allocation_percentage) / 100)::float8 AS share
  FROM venture_resource_allocations a
  JOIN portfolio_reporting.venture_names n ON n.venture_id = a.venture_id::text
 WHERE a.status = 'active'
 GROUP BY a.resource_id, n.venture, n.venture_id
 ORDER BY a.resource_id, share DESC, n.venture, n.venture_id;
