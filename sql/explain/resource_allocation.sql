-- Allocation of each resource by venture. Source: sql/kpis/resource_allocation.sql.
SELECT 'portfolio_resource_allocation_ratio' AS metric,
       a.resource_id::text AS resource_id,
       v.id::text AS part_id,
       v.name::text AS part,
       NULL AS component,
       NULL AS state,
       sum(a.allocation_percentage) / 100 AS numerator,
       NULL::numeric AS denominator
  FROM venture_resource_allocations a
  JOIN ventures v ON v.id = a.venture_id
 WHERE a.status = 'active'
 GROUP BY a.resource_id, v.id, v.name;
