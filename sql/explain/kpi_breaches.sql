-- The months that a breach has lasted, each of them. Source: sql/kpis/kpi_breaches.sql.
WITH RECURSIVE watched (kpi, metric) AS (
  VALUES ('synergy_capture_rate', 'portfolio_synergy_capture_ratio'),
         ('coordination_overhead', 'portfolio_coordination_overhead_ratio')
),
month AS (
  SELECT watched.kpi, watched.metric, 0 AS months,
         date_trunc('month', :as_of::timestamp) AS starts
    FROM watched
  UNION ALL
  SELECT month.kpi, month.metric, month.months + 1,
         month.starts - interval '1 month'
    FROM month
   CROSS JOIN LATERAL (
          SELECT h.value
            FROM kpi_history h
           WHERE h.kpi = month.kpi
             AND h.metric = month.metric
             AND h.labels = '{}'
             AND h.day >= month.starts - interval '1 month'
             AND h.day < month.starts
           ORDER BY h.day DESC
           LIMIT 1
         ) AS closing
   WHERE CASE month.kpi
           WHEN 'synergy_capture_rate' THEN closing.value < :synergy_capture_rate_alert
           ELSE closing.value > :coordination_overhead_alert
         END
)
SELECT 'portfolio_kpi_breach_months' AS metric, kpi, to_char(starts, 'YYYY-MM') AS part_id, to_char(starts, 'YYYY-MM') AS part,
       NULL AS component, NULL AS state, 1 AS numerator, NULL::numeric AS denominator
  FROM month
 WHERE months > 0;
