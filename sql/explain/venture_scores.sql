-- The score of each active venture by criterion: points times weight, in the newest assessment and against the one before.
-- Source: sql/kpis/venture_scores.sql.
WITH assessment AS (
  SELECT v.id AS venture_id, newest.*, previous.*
    FROM ventures v
   CROSS JOIN LATERAL (
          SELECT assessed_on, strategic_fit, financial_health, growth_potential, resource_efficiency
            FROM venture_assessments
           WHERE venture_id = v.id
             AND assessed_on <= :as_of
           ORDER BY assessed_on DESC
           LIMIT 1
         ) AS newest
    LEFT JOIN LATERAL (
          SELECT strategic_fit AS fit_before, financial_health AS health_before, growth_potential AS growth_before,
                 resource_efficiency AS efficiency_before
            FROM venture_assessments
           WHERE venture_id = v.id
             AND assessed_on < newest.assessed_on
           ORDER BY assessed_on DESC
           LIMIT 1
         ) AS previous ON true
   WHERE v.status::text = 'active'
)
SELECT part_of.metric, a.venture_id::text AS venture_id, criterion.name AS part_id, criterion.name AS part,
       NULL AS component, NULL AS state, part_of.points * criterion.weight AS numerator, NULL::numeric AS denominator
  FROM assessment a
 CROSS JOIN LATERAL (
        VALUES ('strategic fit', :strategic_fit_weight, a.strategic_fit, a.fit_before),
               ('financial health', :financial_health_weight, a.financial_health, a.health_before),
               ('growth potential', :growth_potential_weight, a.growth_potential, a.growth_before),
               ('resource efficiency', :resource_efficiency_weight, a.resource_efficiency, a.efficiency_before)
       ) AS criterion (name, weight, points, points_before)
 CROSS JOIN LATERAL (
        VALUES ('portfolio_venture_score', criterion.points),
               ('portfolio_venture_score_change', criterion.points - criterion.points_before)
       ) AS part_of (metric, points)
 WHERE part_of.points IS NOT NULL;
