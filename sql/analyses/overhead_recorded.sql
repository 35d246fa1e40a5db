-- The overhead ratio as it was recorded last in each of the same six months: how many hours were available then is kept nowhere else.
SELECT DISTINCT ON (date_trunc('month', day::timestamp))
       to_char(day, 'YYYY-MM') AS month,
       value AS ratio
  FROM kpi_history
 WHERE kpi = 'coordination_overhead'
   AND metric = 'portfolio_coordination_overhead_ratio'
   AND labels = '{}'
   AND day >= date_trunc('month', :as_of::timestamp) - interval '5 months'
   AND day <= :as_of
 ORDER BY date_trunc('month', day::timestamp), day DESC;
