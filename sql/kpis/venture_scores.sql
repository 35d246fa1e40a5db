-- Venture scorecard: each active venture's newest assessment, weighted to one score of 0 to 5, and the change against
-- the assessment before it. Source: operating procedure, step 1 (the rubric); table venture_assessments; the weights
-- are thresholds and sum to 1.
WITH assessment AS NOT MATERIALIZED (
  SELECT venture_id,
         assessed_on,
         strategic_fit * :strategic_fit_weight
           + financial_health * :financial_health_weight
           + growth_potential * :growth_potential_weight
           + resource_efficiency * :resource_efficiency_weight AS score
    FROM venture_assessments
   WHERE assessed_on <= :as_of
)
SELECT v.id::text AS venture_id,
       v.name::text AS venture,
       newest.score AS portfolio_venture_score,
       newest.score - previous.score AS portfolio_venture_score_change
  FROM ventures v
 CROSS JOIN LATERAL (
        SELECT assessed_on, score
          FROM assessment
         WHERE venture_id = v.id
         ORDER BY assessed_on DESC
         LIMIT 1
       ) AS newest
  LEFT JOIN LATERAL (
        SELECT score
          FROM assessment
         WHERE venture_id = v.id
           AND assessed_on < newest.assessed_on
         ORDER BY assessed_on DESC
         LIMIT 1
       ) AS previous ON true
 WHERE v.status::text = 'active';
