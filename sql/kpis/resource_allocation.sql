-- Allocation of each resource over all ventures; more than 1 is a resource conflict (alert 3).
-- Source: metrics document, "Alert 3: Resource Conflict Detected"; procedure step 5 (the allocation matrix); tables
-- venture_resource_allocations and ventures. A resource is its id: names are copied into every row and may differ.
SELECT a.resource_id::text AS resource_id,
       min(a.resource_name) AS resource,
       min(a.resource_type) AS resource_type,
       string_agg(DISTINCT v.lead_email::text, ',' ORDER BY v.lead_email::text)
         FILTER (WHERE portfolio_is_usable_email(v.lead_email::text)) AS venture_leads,
       sum(a.allocation_percentage) / 100 AS portfolio_resource_allocation_ratio
  FROM venture_resource_allocations a
  JOIN ventures v ON v.id = a.venture_id
 WHERE a.status = 'active'
 GROUP BY a.resource_id;
