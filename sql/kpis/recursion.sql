-- What the recursion triggers opened in the trailing 90 days and how it ended, against the targets of the recursion blueprint; and what
-- is open, however old. Source: gaps document, GAP-39-010; table recursion_executions.
WITH execution AS (
  SELECT trigger_id,
         -- Closed after the moment: at the moment it was open.
         CASE WHEN closed_at <= :now THEN outcome ELSE 'OPEN' END AS outcome,
         override_by IS NOT NULL AS is_overridden,
         -- Where nobody has done anything yet, the time until now.
         extract(epoch FROM least(responded_at, closed_at, :now) - opened_at) AS response_seconds
    FROM portfolio_actions.recursion_executions
   WHERE opened_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone
     AND opened_at <= :now
),
ended AS (
  SELECT count(*) FILTER (WHERE outcome <> 'OPEN') AS executions,
         count(*) FILTER (WHERE outcome = 'RESOLVED') AS resolved,
         count(*) FILTER (WHERE outcome = 'FALSE_POSITIVE') AS false_positives,
         avg(response_seconds) AS response_seconds,
         avg(is_overridden::integer) AS overridden
    FROM execution
)
SELECT t.id AS trigger,
       known.outcome,
       count(execution.outcome) AS portfolio_recursion_executions,
       NULL::bigint AS portfolio_recursion_open_executions,
       NULL::numeric AS portfolio_recursion_response_seconds,
       NULL::numeric AS portfolio_recursion_accuracy_ratio,
       NULL::numeric AS portfolio_recursion_resolution_ratio,
       NULL::numeric AS portfolio_recursion_override_ratio,
       NULL::numeric AS portfolio_recursion_false_positive_ratio
  FROM portfolio_actions.recursion_triggers t
 CROSS JOIN (VALUES ('OPEN'), ('RESOLVED'), ('UNRESOLVED'), ('FALSE_POSITIVE'), ('EXPIRED')) AS known (outcome)
  LEFT JOIN execution ON execution.trigger_id = t.id AND execution.outcome = known.outcome
 -- An empty database has no counts, not counts of 0.
 WHERE EXISTS (SELECT FROM ventures)
 GROUP BY t.id, known.outcome
UNION ALL
SELECT t.id,
       NULL,
       NULL,
       count(e.id),
       NULL,
       NULL,
       NULL,
       NULL,
       NULL
  FROM portfolio_actions.recursion_triggers t
  LEFT JOIN portfolio_actions.recursion_executions e
    ON e.trigger_id = t.id
   AND e.opened_at <= :now
   AND (e.closed_at IS NULL OR e.closed_at > :now)
 WHERE EXISTS (SELECT FROM ventures)
 GROUP BY t.id
UNION ALL
SELECT NULL,
       NULL,
       NULL,
       NULL,
       response_seconds,
       1 - false_positives::numeric / nullif(executions, 0),
       resolved::numeric / nullif(executions, 0),
       overridden,
       false_positives::numeric / nullif(executions, 0)
  FROM ended;
