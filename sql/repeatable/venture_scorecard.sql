CREATE OR REPLACE VIEW portfolio_reporting.venture_scorecard AS
WITH weight AS (
  SELECT max(value) FILTER (WHERE name = 'strategic_fit_weight') AS strategic_fit,
         max(value) FILTER (WHERE name = 'financial_health_weight') AS financial_health,
         max(value) FILTER (WHERE name = 'growth_potential_weight') AS growth_potential,
         max(value) FILTER (WHERE name = 'resource_efficiency_weight') AS resource_efficiency
    FROM portfolio_reporting.thresholds
),
assessment AS NOT MATERIALIZED (
  SELECT a.venture_id, a.assessed_on, a.strategic_fit, a.financial_health, a.growth_potential, a.resource_efficiency,
         a.strategic_fit * weight.strategic_fit
           + a.financial_health * weight.financial_health
           + a.growth_potential * weight.growth_potential
           + a.resource_efficiency * weight.resource_efficiency AS score
    FROM venture_assessments a
   CROSS JOIN weight
   CROSS JOIN portfolio_reporting.clock
   WHERE a.assessed_on <= clock.today
)
SELECT n.venture_id,
       n.venture,
       newest.strategic_fit,
       newest.financial_health,
       newest.growth_potential,
       newest.resource_efficiency,
       newest.score AS total_score,
       newest.score - previous.score AS score_change,
       CASE WHEN previous.assessed_on IS NULL THEN 'new'
            WHEN round(newest.score - previous.score, 2) > 0 THEN '▲ +' || round(newest.score - previous.score, 2)
            WHEN round(newest.score - previous.score, 2) < 0 THEN '▼ −' || round(previous.score - newest.score, 2)
            WHEN newest.score - previous.score IS NOT NULL THEN '▬ 0.00'
       END AS trend,
       newest.assessed_on::timestamp AT TIME ZONE 'UTC' AS assessed_on
  FROM portfolio_reporting.venture_names n
 CROSS JOIN LATERAL (
        SELECT *
          FROM assessment
         WHERE venture_id = n.venture_id::uuid
         ORDER BY assessed_on DESC
         LIMIT 1
       ) AS newest
  LEFT JOIN LATERAL (
        SELECT assessed_on, score
          FROM assessment
         WHERE venture_id = n.venture_id::uuid
           AND assessed_on < newest.assessed_on
         ORDER BY assessed_on DESC
         LIMIT 1
       ) AS previous ON true
 WHERE n.status = 'active';
COMMENT ON VIEW portfolio_reporting.venture_scorecard IS
  'Newest assessment, 0 to 5, its weighted total and the change against the one before; one row per assessed active venture';
