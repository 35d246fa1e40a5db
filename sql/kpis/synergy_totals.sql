-- KPI 2, totals over all initiatives. Source: metrics document, "2. Synergy Value" (targets) and dashboard 2, panel 1
-- (cost saved + revenue generated + time saved x hourly rate); tables value_capture_log, synergy_initiatives,
-- initiative_ventures.
WITH event AS NOT MATERIALIZED (
  -- Risk is a score, never money: NULL here, an event all the same.
  SELECT captured_at,
         portfolio_value_in_dollars(value_type, value_amount, :hourly_rate) AS dollars
    FROM value_capture_log
   WHERE captured_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
     AND captured_at <= :now
),
pair AS (
  -- Two ventures that share several initiatives are one pair.
  SELECT DISTINCT a.venture_id, b.venture_id
    FROM synergy_initiatives i
    JOIN initiative_ventures a ON a.initiative_id = i.id
    JOIN initiative_ventures b ON b.initiative_id = i.id AND b.venture_id > a.venture_id
   WHERE i.launched_at <= :now
)
SELECT (SELECT coalesce(sum(dollars), 0)
          FROM event
         WHERE captured_at >= date_trunc('year', :as_of::timestamp) AT TIME ZONE :time_zone
       ) AS portfolio_synergy_value_year_to_date_dollars,
       (SELECT coalesce(sum(dollars), 0)
          FROM event
         WHERE captured_at >= (:as_of - 364)::timestamp AT TIME ZONE :time_zone
       ) / nullif((SELECT count(*) FROM pair), 0) AS portfolio_synergy_value_per_venture_pair_dollars,
       (SELECT count(*)
          FROM event
         WHERE captured_at >= date_trunc('month', :as_of::timestamp) AT TIME ZONE :time_zone
       ) AS portfolio_synergy_capture_events_month,
       (SELECT count(*) FROM synergy_initiatives WHERE status = 'ACTIVE') AS portfolio_initiatives_active
 -- An empty database has no totals, not totals of 0.
 WHERE EXISTS (SELECT FROM ventures)
    OR EXISTS (SELECT FROM synergy_initiatives);
