-- The opportunities that the synergy capture rate counts (KPI 4, trailing 90 days), with what rows say of each: scores, age,
-- whether both ventures are active, the newest plan for it. One row an opportunity.
SELECT o.opportunity_id::text AS id,
       coalesce(a.name::text, a.id::text) AS venture_1,
       coalesce(b.name::text, b.id::text) AS venture_2,
       o.synergy_type AS type,
       o.status,
       -- Value times importance over effort; net_score is a copy with one decimal.
       coalesce(round(o.value_potential_score::numeric * o.strategic_importance_score / o.implementation_effort_score, 2), o.net_score) AS net_score,
       :as_of - (o.created_at AT TIME ZONE :time_zone)::date AS age_days,
       coalesce(a.status::text = 'active' AND b.status::text = 'active', false) AS are_active,
       plan.status AS plan_status
  FROM synergy_opportunities o
  JOIN ventures a ON a.id = o.venture_1_id
  JOIN ventures b ON b.id = o.venture_2_id
  LEFT JOIN LATERAL (
        SELECT status
          FROM portfolio_coordination_plans p
         WHERE p.opportunity_id = o.opportunity_id
           AND p.created_at <= :now
         ORDER BY p.created_at DESC, p.id
         LIMIT 1
       ) AS plan ON true
 WHERE o.created_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone
   AND o.created_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
   AND o.created_at <= :now
 ORDER BY o.created_at, o.opportunity_id;
