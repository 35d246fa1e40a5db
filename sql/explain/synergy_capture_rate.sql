-- KPI 4 by type of synergy: opportunities of the trailing 90 days, and how many of them were launched.
-- Source: sql/kpis/synergy_capture_rate.sql.
WITH type AS (
  SELECT synergy_type AS name,
         count(*) FILTER (WHERE status = 'LAUNCHED') AS launched,
         count(*) AS opportunities
    FROM synergy_opportunities
   WHERE created_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone
     AND created_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
     AND created_at <= :now
   GROUP BY synergy_type
)
SELECT part_of.metric, type.name AS part_id, type.name AS part, NULL AS component, NULL AS state, part_of.numerator, part_of.denominator
  FROM type
 CROSS JOIN LATERAL (
        VALUES ('portfolio_synergy_opportunities_launched', type.launched, NULL::numeric),
               ('portfolio_synergy_opportunities', type.opportunities, NULL),
               ('portfolio_synergy_capture_ratio', type.launched, type.opportunities)
       ) AS part_of (metric, numerator, denominator);
