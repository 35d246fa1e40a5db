-- Dense, so that a matrix made of it keeps the order of rows and columns. A resource is its id, as in the KPI.
CREATE OR REPLACE VIEW portfolio_reporting.resource_allocation_matrix AS
WITH allocation AS NOT MATERIALIZED (
  SELECT resource_id, resource_name, resource_type, venture_id, allocation_percentage
    FROM venture_resource_allocations
   WHERE status = 'active'
),
resource AS (
  SELECT resource_id,
         initcap(min(resource_type)) || ' · ' || min(resource_name) AS name,
         CASE min(resource_type) WHEN 'people' THEN 1 WHEN 'budget' THEN 2 ELSE 3 END AS type_order,
         sum(allocation_percentage) AS total
    FROM allocation
   GROUP BY resource_id
),
labelled AS (
  SELECT resource_id, type_order, total,
         CASE WHEN count(*) OVER (PARTITION BY name, left(resource_id::text, 8)) > 1 THEN name || ' (' || resource_id || ')'
              WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || left(resource_id::text, 8) || ')'
              ELSE name
         END AS resource
    FROM resource
),
venture AS (
  SELECT n.venture_id, n.venture,
         row_number() OVER (ORDER BY share.total DESC, n.venture, n.venture_id) AS rank
    FROM (SELECT venture_id, sum(allocation_percentage) AS total FROM allocation GROUP BY venture_id) AS share
    JOIN portfolio_reporting.venture_names n ON n.venture_id::uuid = share.venture_id
)
SELECT labelled.resource_id::text AS resource_id,
       labelled.resource,
       labelled.type_order,
       venture.venture_id,
       venture.venture,
       venture.rank AS venture_rank,
       allocation.allocation_percentage AS pct,
       labelled.total
  FROM labelled
 CROSS JOIN venture
  LEFT JOIN allocation ON allocation.resource_id = labelled.resource_id
                      AND allocation.venture_id = venture.venture_id::uuid;
COMMENT ON VIEW portfolio_reporting.resource_allocation_matrix IS
  'Active allocations in percent, NULL where there is none; one row per resource and venture that have any';
