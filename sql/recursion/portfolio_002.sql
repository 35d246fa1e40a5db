-- PORTFOLIO-002, resource conflict: resources that are given out beyond the limit and have an open conflict, of which nobody was told
-- yet, or which stands although its last proposal is as old as conflict_resolution_timeout.
-- Source: metrics document, "Alert 3", and the recursion blueprint (three iterations); venture_resource_allocations, resource_conflicts.
WITH over_limit AS (
  SELECT a.resource_id,
         sum(a.allocation_percentage) / 100 AS allocation
    FROM venture_resource_allocations a
   WHERE a.status = 'active'
   GROUP BY a.resource_id
  HAVING sum(a.allocation_percentage) / 100 > :conflict_over_allocation_threshold + :over_allocation_tolerance
),
conflict AS (
  -- Of several open conflicts about one resource the first.
  SELECT DISTINCT ON (c.resource_id)
         c.conflict_id, c.resource_id, c.resource_name, c.detected_at, o.allocation
    FROM over_limit o
    JOIN resource_conflicts c ON c.resource_id = o.resource_id
   WHERE c.status <> 'RESOLVED'
     AND c.detected_at <= :now
   ORDER BY c.resource_id, c.detected_at, c.conflict_id
)
SELECT c.resource_id::text AS subject,
       c.resource_name AS subject_name,
       concat_ws('/', c.conflict_id, told.times + 1) AS period,
       jsonb_build_object('conflict', c.conflict_id, 'allocation', c.allocation) AS details
  FROM conflict c
 CROSS JOIN LATERAL (SELECT count(*) AS times, max(e.opened_at) AS last_at
                       FROM portfolio_actions.recursion_executions e
                      WHERE e.trigger_id = 'PORTFOLIO-002'
                        AND e.subject = c.resource_id::text
                        AND e.details @> jsonb_build_object('conflict', c.conflict_id)) AS told
 WHERE told.times = 0
    OR told.last_at <= :now - :conflict_resolution_timeout * interval '1 second'
 ORDER BY c.allocation DESC, c.resource_id;
