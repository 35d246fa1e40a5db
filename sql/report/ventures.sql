-- Ventures of the report: all active ones, and others as long as they are in a sum of the day or of the month before's end.
-- Levels in dollars a month, by the newest row as KPI 1 takes it; last_day is the newest row however old.
SELECT n.venture_id AS id,
       n.venture AS name,
       n.status,
       present.monthly_revenue::float8 AS revenue,
       present.monthly_burn::float8 AS burn,
       present.user_count AS users,
       past.monthly_revenue::float8 AS "revenueBefore",
       past.monthly_burn::float8 AS "burnBefore",
       past.user_count AS "usersBefore",
       base.monthly_revenue::float8 AS "revenueBaseline",
       to_char(last.day, 'YYYY-MM-DD') AS "lastDay",
       n.status = 'active' AND present.venture_id IS NULL AS "isSilent",
       assessment.recommendation,
       to_char(assessment.assessed_on, 'YYYY-MM-DD') AS "assessedOn"
  FROM portfolio_reporting.venture_names n
  LEFT JOIN LATERAL portfolio_newest_metrics(n.venture_id::uuid, :as_of, :carry_forward_days) AS present ON true
  LEFT JOIN LATERAL portfolio_newest_metrics(n.venture_id::uuid, date_trunc('month', :as_of::timestamp)::date - 1,
                                             :carry_forward_days) AS past ON true
  LEFT JOIN portfolio_baseline_day AS baseline ON baseline.day <= :as_of
  LEFT JOIN LATERAL portfolio_newest_metrics(n.venture_id::uuid, baseline.day, :carry_forward_days) AS base ON true
  LEFT JOIN LATERAL (
        SELECT max(recorded_at) AS day
          FROM venture_metrics
         WHERE venture_id = n.venture_id::uuid
           AND recorded_at <= :as_of
           AND isfinite(recorded_at)
       ) AS last ON true
  LEFT JOIN LATERAL (
        SELECT recommendation, assessed_on
          FROM venture_assessments
         WHERE venture_id = n.venture_id::uuid
           AND assessed_on <= :as_of
           AND isfinite(assessed_on)
         ORDER BY assessed_on DESC
         LIMIT 1
       ) AS assessment ON true
 WHERE n.status = 'active'
    OR present.venture_id IS NOT NULL
    OR past.venture_id IS NOT NULL
 ORDER BY present.monthly_revenue DESC NULLS LAST, n.venture, n.venture_id;
