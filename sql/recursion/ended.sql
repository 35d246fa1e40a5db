-- Open executions that have come to their end by what the rows say, with the outcome; a review (PORTFOLIO-003) is ended by people.
-- Source: the recursion blueprint's "termination conditions".
WITH opened AS (
  SELECT e.id, e.trigger_id, e.subject, e.details
    FROM portfolio_actions.recursion_executions e
   WHERE e.closed_at IS NULL
     AND e.opened_at <= :now
),
opportunity AS (
  SELECT opened.id,
         count(*) FILTER (WHERE o.status IN ('PLANNED', 'LAUNCHED')) AS taken_up,
         count(*) FILTER (WHERE o.status = 'REJECTED') AS rejected,
         count(*) FILTER (WHERE o.status = 'IDENTIFIED' AND v1.status::text = 'active' AND v2.status::text = 'active') AS waiting
    FROM opened
   CROSS JOIN LATERAL jsonb_array_elements(opened.details -> 'opportunities') AS told (item)
    LEFT JOIN synergy_opportunities o ON o.opportunity_id = (told.item ->> 'id')::uuid
    LEFT JOIN ventures v1 ON v1.id = o.venture_1_id
    LEFT JOIN ventures v2 ON v2.id = o.venture_2_id
   WHERE opened.trigger_id = 'PORTFOLIO-001'
   GROUP BY opened.id
),
dependent AS (
  SELECT opened.id,
         v.status::text = 'active' AS is_active,
         count(other.id) AS dependencies
    FROM opened
    LEFT JOIN ventures v ON v.id::text = opened.subject
    LEFT JOIN venture_dependencies d ON d.venture_id = v.id AND d.dependency_criticality = 'CRITICAL' AND d.created_at <= :now
    LEFT JOIN ventures other ON other.id = d.depends_on_venture_id AND other.status::text = 'active'
   WHERE opened.trigger_id = 'PORTFOLIO-004'
   GROUP BY opened.id, v.status::text
),
judged (id, outcome) AS (
  SELECT id,
         CASE WHEN waiting > 0 THEN NULL
              WHEN taken_up > 0 THEN 'RESOLVED'
              WHEN rejected > 0 THEN 'FALSE_POSITIVE'
              ELSE 'EXPIRED'
         END
    FROM opportunity
  UNION ALL
  SELECT opened.id,
         CASE WHEN c.conflict_id IS NULL THEN 'EXPIRED'
              WHEN c.status = 'RESOLVED' THEN 'RESOLVED'
         END
    FROM opened
    LEFT JOIN resource_conflicts c ON c.conflict_id = (opened.details ->> 'conflict')::uuid
   WHERE opened.trigger_id = 'PORTFOLIO-002'
  UNION ALL
  SELECT id,
         CASE WHEN is_active IS NOT TRUE THEN 'EXPIRED'
              WHEN dependencies < :critical_dependencies_threshold THEN 'RESOLVED'
         END
    FROM dependent
)
SELECT id::text AS id, outcome
  FROM judged
 WHERE outcome IS NOT NULL
 ORDER BY id;
