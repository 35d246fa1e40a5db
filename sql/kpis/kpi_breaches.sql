-- Consecutive months on the wrong side of an alert threshold, ending with the last complete month (alerts 4 and 5).
-- Source: metrics document, "Alert 4" and "Alert 5"; table kpi_history, because a rule that looks back for months must
-- not depend on how long Prometheus keeps its samples. A month's value is its last record.
WITH RECURSIVE watched (kpi, metric) AS (
  VALUES ('synergy_capture_rate', 'portfolio_synergy_capture_ratio'),
         ('coordination_overhead', 'portfolio_coordination_overhead_ratio')
),
-- One row a month, backwards, as long as the months are in breach: the cost follows the count, not the history.
month AS (
  SELECT watched.kpi, watched.metric, 0 AS months,
         date_trunc('month', :as_of::timestamp) AS ends
    FROM watched
  UNION ALL
  SELECT month.kpi, month.metric, month.months + 1,
         month.ends - interval '1 month'
    FROM month
   CROSS JOIN LATERAL (
          SELECT h.value
            FROM kpi_history h
           WHERE h.kpi = month.kpi
             AND h.metric = month.metric
             AND h.labels = '{}'
             AND h.day >= month.ends - interval '1 month'
             AND h.day < month.ends
           ORDER BY h.day DESC
           LIMIT 1
         ) AS closing
   WHERE CASE month.kpi
           WHEN 'synergy_capture_rate' THEN closing.value < :synergy_capture_rate_alert
           ELSE closing.value > :coordination_overhead_alert
         END
)
SELECT month.kpi,
       max(month.months) AS portfolio_kpi_breach_months
  FROM month
 -- With no record of the last complete month nobody knows on which side it closed: no sample, not a count of 0.
 WHERE EXISTS (SELECT FROM kpi_history h
                WHERE h.kpi = month.kpi
                  AND h.metric = month.metric
                  AND h.labels = '{}'
                  AND h.day >= date_trunc('month', :as_of::timestamp) - interval '1 month'
                  AND h.day < date_trunc('month', :as_of::timestamp))
 GROUP BY month.kpi;
