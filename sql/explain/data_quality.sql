-- The rows behind each check of data quality: by venture, initiative, opportunity, resource or conflict that they belong to, by the
-- word itself where it is about words. Source: sql/kpis/data_quality.sql, whose windows and conditions these are.
WITH event AS (
  SELECT e.initiative_id, i.name AS initiative, e.value_amount, e.evidence_link, e.captured_at, i.launched_at
    FROM value_capture_log e
    LEFT JOIN synergy_initiatives i ON i.id = e.initiative_id
   WHERE e.captured_at >= (:as_of - 364)::timestamp AT TIME ZONE :time_zone
     AND e.captured_at <= :now
),
conflict AS (
  SELECT conflict_id, status, resource_name, detected_at, resolved_at
    FROM resource_conflicts
   WHERE detected_at >= (:as_of - 364)::timestamp AT TIME ZONE :time_zone
     AND detected_at <= :now
),
opportunity AS (
  SELECT o.opportunity_id, o.status, o.net_score, a.name || ' + ' || b.name AS pair, o.synergy_type,
         o.value_potential_score::numeric * o.strategic_importance_score / o.implementation_effort_score AS computed_score
    FROM synergy_opportunities o
    LEFT JOIN ventures a ON a.id = o.venture_1_id
    LEFT JOIN ventures b ON b.id = o.venture_2_id
   WHERE o.created_at >= (:as_of - 364)::timestamp AT TIME ZONE :time_zone
     AND o.created_at <= :now
),
active_venture AS (
  SELECT id, name::text AS name, lead_email::text AS lead_email FROM ventures WHERE status::text = 'active'
),
started AS (
  SELECT id, name, status, owner_name, owner_email, target_value, launched_at, completed_at
    FROM synergy_initiatives
   WHERE status IN ('ACTIVE', 'PAUSED', 'COMPLETED')
),
found ("check", part_id, part) AS (
  SELECT 'venture_metrics_missing', v.id::text, v.name::text
    FROM portfolio_silent_ventures(:as_of, :carry_forward_days) s JOIN ventures v ON v.id = s.venture_id
  UNION ALL
  SELECT 'venture_assessment_missing', v.id::text, v.name
    FROM active_venture v
   WHERE NOT EXISTS (SELECT FROM venture_assessments a WHERE a.venture_id = v.id AND a.assessed_on <= :as_of)
  UNION ALL
  SELECT 'resource_usage_missing', v.id::text, v.name::text
    FROM portfolio_silent_in_usage(:as_of) s JOIN ventures v ON v.id = s.venture_id
  UNION ALL
  SELECT broken."check", v.id::text, v.name::text
    FROM venture_metrics m
    JOIN ventures v ON v.id = m.venture_id
   CROSS JOIN LATERAL (
          VALUES ('venture_metrics_incomplete', m.recorded_at >= :as_of - portfolio_carry_forward(v.cadence::text, :carry_forward_days)
                    AND (m.monthly_revenue IS NULL OR m.monthly_burn IS NULL OR m.stage IS NULL)),
                 ('venture_metrics_negative', m.monthly_revenue < 0 OR m.monthly_burn < 0 OR m.user_count < 0)
         ) AS broken ("check", is_so)
   WHERE m.recorded_at >= :as_of - greatest(364, portfolio_carry_forward('monthly', :carry_forward_days))
     AND m.recorded_at <= :as_of
     AND broken.is_so
  UNION ALL
  SELECT 'resource_usage_negative', v.id::text, v.name::text
    FROM venture_resource_usage u
    JOIN ventures v ON v.id = u.venture_id
   WHERE u.recorded_at >= :as_of - 364
     AND u.recorded_at <= :as_of
     AND (u.hours_spent < 0 OR u.budget_spent < 0)
  UNION ALL
  SELECT broken."check", e.initiative_id::text, coalesce(e.initiative, e.initiative_id::text)
    FROM event e
   CROSS JOIN LATERAL (
          VALUES ('captured_value_negative', e.value_amount < 0),
                 ('captured_value_without_initiative', e.launched_at IS NULL),
                 ('captured_value_before_launch', e.captured_at < e.launched_at),
                 ('evidence_link_not_http', e.evidence_link !~* '^https?://[^[:space:]]+$')
         ) AS broken ("check", is_so)
   WHERE broken.is_so
  UNION ALL
  SELECT broken."check", o.opportunity_id::text, o.pair || ' (' || o.synergy_type || ')'
    FROM opportunity o
   CROSS JOIN LATERAL (
          VALUES ('opportunity_not_scored', o.computed_score IS NULL OR o.net_score IS NULL),
                 ('opportunity_net_score_wrong', abs(o.net_score - o.computed_score) > 0.05),
                 ('opportunity_launched_without_initiative', o.status = 'LAUNCHED'
                    AND NOT EXISTS (SELECT FROM synergy_initiatives i WHERE i.opportunity_id = o.opportunity_id))
         ) AS broken ("check", is_so)
   WHERE broken.is_so
  UNION ALL
  SELECT broken."check", s.id::text, s.name
    FROM started s
   CROSS JOIN LATERAL (
          VALUES ('initiative_without_launch_date', s.launched_at IS NULL),
                 ('initiative_without_completion_date', s.status = 'COMPLETED' AND s.completed_at IS NULL),
                 ('initiative_without_owner', coalesce(trim(s.owner_name), '') = ''),
                 ('initiative_without_target', (s.target_value > 0) IS NOT TRUE),
                 ('initiative_without_venture_pair', (SELECT count(*) FROM initiative_ventures p WHERE p.initiative_id = s.id) < 2),
                 ('initiative_owner_email_unusable', s.status <> 'COMPLETED' AND portfolio_is_usable_email(s.owner_email) IS NOT TRUE)
         ) AS broken ("check", is_so)
   WHERE broken.is_so
  UNION ALL
  SELECT 'milestone_owner_email_unusable', m.id::text, i.name || ': ' || m.name
    FROM initiative_milestones m
    JOIN synergy_initiatives i ON i.id = m.initiative_id
   WHERE i.status = 'ACTIVE'
     AND (m.completed_at IS NULL OR m.completed_at > :now)
     AND portfolio_is_usable_email(m.owner_email) IS NOT TRUE
  UNION ALL
  SELECT 'venture_lead_email_unusable', id::text, name
    FROM active_venture
   WHERE portfolio_is_usable_email(lead_email) IS NOT TRUE
  UNION ALL
  SELECT broken."check", resource.id::text, resource.name
    FROM (SELECT resource_id AS id, min(resource_name) AS name, sum(allocation_percentage) / 100 AS share,
                 count(DISTINCT resource_name) AS names, count(DISTINCT resource_type) AS types
            FROM venture_resource_allocations
           WHERE status = 'active'
           GROUP BY resource_id) AS resource
   CROSS JOIN LATERAL (
          VALUES ('over_allocation_without_conflict', resource.share > :conflict_over_allocation_threshold + :over_allocation_tolerance
                    AND NOT EXISTS (SELECT FROM resource_conflicts c
                                     WHERE c.resource_id = resource.id
                                       AND c.detected_at <= :now
                                       AND (c.status <> 'RESOLVED' OR c.resolved_at > :now))),
                 ('resource_named_differently', resource.names > 1 OR resource.types > 1)
         ) AS broken ("check", is_so)
   WHERE broken.is_so
  UNION ALL
  SELECT 'allocation_without_hours', a.id::text, a.resource_name || ': ' || v.name
    FROM venture_resource_allocations a
    JOIN ventures v ON v.id = a.venture_id
   WHERE a.status = 'active'
     AND a.resource_type = 'people'
     AND a.hours_available IS NULL
  UNION ALL
  SELECT broken."check", c.conflict_id::text, c.resource_name
    FROM conflict c
   CROSS JOIN LATERAL (
          VALUES ('conflict_resolved_before_detected', c.resolved_at < c.detected_at),
                 ('conflict_resolved_without_date', c.status = 'RESOLVED' AND c.resolved_at IS NULL),
                 ('conflict_dated_but_not_resolved', c.status <> 'RESOLVED' AND c.resolved_at IS NOT NULL)
         ) AS broken ("check", is_so)
   WHERE broken.is_so
  UNION ALL
  -- By the beginning of the name; the whole is too long for a table.
  SELECT 'name_too_long', owner || ' ' || id, owner || ' ' || left(name, 40)
    FROM (SELECT 'venture', id::text, name::text FROM ventures
          UNION ALL
          SELECT 'initiative', id::text, name FROM synergy_initiatives
          UNION ALL
          SELECT 'owner of initiative', id::text, owner_name FROM synergy_initiatives
          UNION ALL
          SELECT 'milestone', id::text, name FROM initiative_milestones WHERE completed_at IS NULL
          UNION ALL
          SELECT 'owner of milestone', id::text, owner_name FROM initiative_milestones WHERE completed_at IS NULL
          UNION ALL
          SELECT 'resource', id::text, resource_name FROM venture_resource_allocations
          UNION ALL
          SELECT 'resource of conflict', conflict_id::text, resource_name FROM conflict
         ) AS shown (owner, id, name)
   WHERE octet_length(name) > 1024
  UNION ALL
  SELECT 'future_timestamp', later.name, later.name
    FROM (SELECT 'venture_metrics' FROM venture_metrics WHERE recorded_at > :as_of
          UNION ALL
          SELECT 'venture_resource_usage' FROM venture_resource_usage WHERE recorded_at > :as_of
          UNION ALL
          SELECT 'venture_assessments' FROM venture_assessments WHERE assessed_on > :as_of
          UNION ALL
          SELECT 'value_capture_log' FROM value_capture_log WHERE captured_at > :now + interval '5 minutes'
          UNION ALL
          SELECT 'synergy_opportunities' FROM synergy_opportunities WHERE created_at > :now + interval '5 minutes'
          UNION ALL
          SELECT 'resource_conflicts.detected_at' FROM resource_conflicts WHERE detected_at > :now + interval '5 minutes'
          UNION ALL
          SELECT 'resource_conflicts.resolved_at' FROM conflict WHERE resolved_at > :now + interval '5 minutes'
          UNION ALL
          SELECT 'synergy_initiatives' FROM synergy_initiatives WHERE updated_at > :now + interval '5 minutes'
          UNION ALL
          SELECT 'initiative_milestones' FROM initiative_milestones
           WHERE completed_at IS NULL AND deadline_set_at > :now + interval '5 minutes'
          UNION ALL
          SELECT 'initiative_notifications' FROM initiative_notifications WHERE notified_at > :now + interval '5 minutes'
          UNION ALL
          SELECT 'initiative_responses' FROM initiative_responses WHERE responded_at > :now + interval '5 minutes'
         ) AS later (name)
)
SELECT 'portfolio_data_quality_violations' AS metric, "check", part_id, part, NULL AS component, NULL AS state,
       count(*) AS numerator, NULL::numeric AS denominator
  FROM found
 GROUP BY "check", part_id, part
UNION ALL
SELECT 'portfolio_data_quality_violations', "check", coalesce(quote_literal(word), 'NULL'), coalesce(quote_literal(word), 'NULL'),
       NULL, NULL, "rows", NULL
  FROM portfolio_unknown_words(:as_of);
