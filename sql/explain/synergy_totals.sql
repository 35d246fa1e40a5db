-- Synergy totals by initiative. A pair of ventures that shares several initiatives counts once, for the one that was launched first.
-- Source: sql/kpis/synergy_totals.sql.
WITH captured AS (
  SELECT initiative_id,
         sum(dollars) FILTER (WHERE captured_at >= (:as_of - 364)::timestamp AT TIME ZONE :time_zone) AS dollars_365_days,
         sum(dollars) FILTER (WHERE captured_at >= date_trunc('year', :as_of::timestamp) AT TIME ZONE :time_zone) AS dollars_year,
         count(*) FILTER (WHERE captured_at >= date_trunc('month', :as_of::timestamp) AT TIME ZONE :time_zone) AS events_month
    FROM (SELECT initiative_id, captured_at,
                 portfolio_value_in_dollars(value_type, value_amount, :hourly_rate) AS dollars
            FROM value_capture_log
           -- In a leap year the year has begun a day before.
           WHERE captured_at >= (:as_of - 365)::timestamp AT TIME ZONE :time_zone
             AND captured_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
             AND captured_at <= :now) AS event
   GROUP BY initiative_id
),
pair AS (
  SELECT DISTINCT ON (a.venture_id, b.venture_id) i.id AS initiative_id
    FROM synergy_initiatives i
    JOIN initiative_ventures a ON a.initiative_id = i.id
    JOIN initiative_ventures b ON b.initiative_id = i.id AND b.venture_id > a.venture_id
   WHERE i.launched_at <= :now
   ORDER BY a.venture_id, b.venture_id, i.launched_at, i.id
),
paired AS (
  SELECT initiative_id, count(*) AS pairs FROM pair GROUP BY initiative_id
)
SELECT part_of.metric, i.id::text AS part_id, i.name AS part, NULL AS component, NULL AS state, part_of.numerator, part_of.denominator
  FROM synergy_initiatives i
  LEFT JOIN captured ON captured.initiative_id = i.id
  LEFT JOIN paired ON paired.initiative_id = i.id
 CROSS JOIN LATERAL (
        VALUES ('portfolio_synergy_value_year_to_date_dollars', captured.dollars_year, NULL::numeric),
               ('portfolio_synergy_value_per_venture_pair_dollars', coalesce(captured.dollars_365_days, 0), coalesce(paired.pairs, 0)),
               ('portfolio_synergy_capture_events_month', captured.events_month, NULL),
               ('portfolio_initiatives_active', (i.status = 'ACTIVE')::integer, NULL)
       ) AS part_of (metric, numerator, denominator)
 WHERE part_of.numerator > 0
    OR part_of.denominator > 0;
