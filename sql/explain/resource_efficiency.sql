-- KPI 3 by venture: duplicate effort and budget per 30 days before the baseline day and now, and the hours used of those available.
-- A reduction leaves out on both sides who is active and reports no usage at all: its row has no numerator.
-- Source: sql/kpis/resource_efficiency.sql.
WITH venture AS (
  SELECT v.id, v.name::text AS name,
         base.hours AS base_hours, base.budget AS base_budget,
         duplicate.hours, duplicate.budget,
         spent.hours AS spent, available.hours AS available,
         silent.venture_id IS NOT NULL AS is_unknown,
         silent.venture_id IS NOT NULL
           AND coalesce((SELECT true FROM venture_resource_usage u WHERE u.venture_id = v.id AND u.recorded_at <= :as_of LIMIT 1), false) AS is_silent
    FROM ventures v
    LEFT JOIN portfolio_silent_in_usage(:as_of) AS silent ON silent.venture_id = v.id
    LEFT JOIN portfolio_duplicate_baseline AS base ON base.venture_id = v.id AND base.baseline_day <= :as_of
    LEFT JOIN (SELECT venture_id, sum(hours_spent) AS hours, sum(budget_spent) AS budget
                 FROM portfolio_duplicate_usage
                WHERE recorded_at >= :as_of - 29
                  AND recorded_at <= :as_of
                GROUP BY venture_id) AS duplicate ON duplicate.venture_id = v.id
    LEFT JOIN (SELECT venture_id, sum(hours_spent) AS hours
                 FROM venture_resource_usage
                WHERE recorded_at >= :as_of - 29
                  AND recorded_at <= :as_of
                GROUP BY venture_id) AS spent ON spent.venture_id = v.id
    LEFT JOIN (SELECT venture_id, sum(hours_available) AS hours
                 FROM venture_resource_allocations
                WHERE status = 'active'
                GROUP BY venture_id) AS available ON available.venture_id = v.id
)
SELECT sum_of.metric, v.id::text AS part_id, v.name AS part, NULL AS component,
       CASE WHEN sum_of.is_silent THEN 'silent' END AS state,
       sum_of.numerator, sum_of.denominator
  FROM venture v
 CROSS JOIN LATERAL (
        VALUES ('portfolio_duplicate_effort_baseline_seconds', false, v.base_hours * 3600, NULL::numeric),
               ('portfolio_duplicate_budget_baseline_dollars', false, v.base_budget, NULL),
               ('portfolio_duplicate_effort_seconds', v.is_silent, v.hours * 3600, NULL),
               ('portfolio_duplicate_budget_dollars', v.is_silent, v.budget, NULL),
               ('portfolio_resource_utilization_ratio', v.is_silent,
                CASE WHEN NOT v.is_unknown THEN coalesce(v.spent, 0) END, coalesce(v.available, 0))
       ) AS sum_of (metric, is_silent, numerator, denominator)
 WHERE sum_of.is_silent
    OR (sum_of.numerator IS NOT NULL AND sum_of.denominator IS NULL)
    OR sum_of.numerator > 0
    OR sum_of.denominator > 0
UNION ALL
SELECT change.metric, v.id::text, v.name, NULL,
       CASE WHEN v.is_silent THEN 'silent' WHEN v.hours IS NULL THEN 'left' WHEN v.base_hours IS NULL THEN 'joined' ELSE 'stayed' END,
       CASE WHEN NOT v.is_silent THEN change.saved END,
       CASE WHEN NOT v.is_silent THEN change.base END
  FROM venture v
 CROSS JOIN LATERAL (SELECT coalesce(v.base_hours, 0) - coalesce(v.hours, 0) AS hours,
                            coalesce(v.base_budget, 0) - coalesce(v.budget, 0) AS budget) AS saved
 CROSS JOIN LATERAL (
        VALUES ('portfolio_duplicate_effort_reduction_ratio', saved.hours, coalesce(v.base_hours, 0)),
               ('portfolio_duplicate_budget_reduction_ratio', saved.budget, coalesce(v.base_budget, 0)),
               ('portfolio_duplicate_effort_saved_seconds', saved.hours * 3600, NULL),
               ('portfolio_duplicate_budget_saved_dollars', saved.budget, NULL)
       ) AS change (metric, saved, base)
 WHERE v.base_hours IS NOT NULL
    OR v.hours IS NOT NULL;
