-- KPI 5 by venture: coordination hours of the trailing 30 days, and the hours available to it. A venture that is active and
-- reports no usage of any type is silent: its row has no numerator. Source: sql/kpis/coordination_overhead.sql.
WITH venture AS (
  SELECT v.id, v.name::text AS name, spent.hours AS spent, available.hours AS available,
         silent.venture_id IS NOT NULL AS is_unknown,
         silent.venture_id IS NOT NULL
           AND coalesce((SELECT true FROM venture_resource_usage u WHERE u.venture_id = v.id AND u.recorded_at <= :as_of LIMIT 1), false) AS is_silent
    FROM ventures v
    LEFT JOIN portfolio_silent_in_usage(:as_of) AS silent ON silent.venture_id = v.id
    LEFT JOIN (SELECT venture_id, sum(hours_spent) AS hours
                 FROM venture_resource_usage
                WHERE resource_type = 'coordination'
                  AND recorded_at >= :as_of - 29
                  AND recorded_at <= :as_of
                GROUP BY venture_id) AS spent ON spent.venture_id = v.id
    LEFT JOIN (SELECT venture_id, sum(hours_available) AS hours
                 FROM venture_resource_allocations
                WHERE status = 'active'
                GROUP BY venture_id) AS available ON available.venture_id = v.id
)
SELECT part_of.metric, v.id::text AS part_id, v.name AS part, NULL AS component,
       CASE WHEN part_of.is_silent THEN 'silent' END AS state,
       part_of.numerator, part_of.denominator
  FROM venture v
 CROSS JOIN LATERAL (
        VALUES ('portfolio_coordination_effort_seconds', v.is_silent, v.spent * 3600, NULL::numeric),
               ('portfolio_available_effort_seconds', false, v.available * 3600, NULL),
               ('portfolio_coordination_overhead_ratio', v.is_silent,
                -- Who reports usage of another type spends nothing on coordination.
                CASE WHEN NOT v.is_unknown THEN coalesce(v.spent, 0) END, coalesce(v.available, 0))
       ) AS part_of (metric, is_silent, numerator, denominator)
 WHERE part_of.is_silent
    OR (part_of.numerator IS NOT NULL AND part_of.denominator IS NULL)
    OR part_of.numerator > 0
    OR part_of.denominator > 0;
