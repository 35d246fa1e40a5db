-- Coordination hours by venture and calendar month: the five months before and the running one up to :as_of. One row a venture and
-- month with a row of usage.
SELECT venture_id::text AS id,
       to_char(date_trunc('month', recorded_at::timestamp), 'YYYY-MM') AS month,
       sum(hours_spent) AS hours
  FROM venture_resource_usage
 WHERE resource_type = 'coordination'
   AND recorded_at >= date_trunc('month', :as_of::timestamp) - interval '5 months'
   AND recorded_at <= :as_of
 GROUP BY venture_id, 2
 ORDER BY 2, 1;
