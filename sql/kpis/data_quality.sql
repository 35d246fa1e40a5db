-- Rows that break a rule of docs/data-flow.md, counted per check; nothing is dropped or repaired, here or in any KPI.
-- Rows of event tables are looked at over the trailing 365 days, the longest trailing window of any KPI; usage and
-- assessments likewise. Several checks repeat a constraint of the schema: a table from elsewhere may lack it.
WITH event AS (
  SELECT e.value_amount, e.evidence_link, e.captured_at, i.launched_at
    FROM value_capture_log e
    LEFT JOIN synergy_initiatives i ON i.id = e.initiative_id
   WHERE e.captured_at >= (:as_of - 364)::timestamp AT TIME ZONE :time_zone
     AND e.captured_at <= :now
),
conflict AS (
  SELECT status, resource_name, detected_at, resolved_at
    FROM resource_conflicts
   WHERE detected_at >= (:as_of - 364)::timestamp AT TIME ZONE :time_zone
     AND detected_at <= :now
),
opportunity AS (
  SELECT opportunity_id, status, net_score,
         value_potential_score::numeric * strategic_importance_score / implementation_effort_score AS computed_score
    FROM synergy_opportunities
   WHERE created_at >= (:as_of - 364)::timestamp AT TIME ZONE :time_zone
     AND created_at <= :now
),
active_venture AS (
  SELECT id, lead_email::text AS lead_email FROM ventures WHERE status::text = 'active'
),
started AS (
  SELECT id, status, owner_name, owner_email, target_value, launched_at, completed_at
    FROM synergy_initiatives
   WHERE status IN ('ACTIVE', 'PAUSED', 'COMPLETED')
),
unknown_word ("check", word, "rows") AS (
  SELECT "check", min(coalesce(venture_id, word)), sum("rows")
    FROM portfolio_unknown_words(:as_of)
   GROUP BY "check", CASE WHEN venture_id IS NULL THEN word END
),
-- The word of most rows, in quotation marks because of blanks, and without what draws nothing or breaks a line.
unknown ("check", violations, example, example_rows) AS (
  SELECT "check",
         sum("rows"),
         quote_literal(regexp_replace(left((array_agg(word ORDER BY "rows" DESC, word))[1], 60) COLLATE "C", '[^ -~]', '?', 'g')),
         max("rows")
    FROM unknown_word
   GROUP BY "check"
),
counted ("check", violations) AS (
  -- Words
  SELECT name, coalesce(unknown.violations, 0)
    FROM (VALUES ('venture_status_missing'), ('venture_status_misspelt'), ('resource_usage_type_misspelt')) AS expected (name)
    LEFT JOIN unknown ON unknown."check" = name
  UNION ALL
  -- Daily rows
  SELECT 'venture_metrics_missing', count(*) FROM portfolio_silent_ventures(:as_of, :carry_forward_days)
  UNION ALL
  -- Counted by venture: each has a window of its own in the index.
  SELECT 'venture_metrics_incomplete', sum(incomplete."rows")
    FROM ventures v
   CROSS JOIN LATERAL (
          SELECT count(*) AS "rows"
            FROM venture_metrics m
           WHERE m.venture_id = v.id
             AND m.recorded_at >= :as_of - portfolio_carry_forward(v.cadence::text, :carry_forward_days)
             AND m.recorded_at <= :as_of
             AND (m.monthly_revenue IS NULL OR m.monthly_burn IS NULL OR m.stage IS NULL)
         ) AS incomplete
  UNION ALL
  SELECT 'venture_metrics_negative', count(*)
    FROM venture_metrics
   WHERE recorded_at >= :as_of - 364
     AND recorded_at <= :as_of
     AND (monthly_revenue < 0 OR monthly_burn < 0 OR user_count < 0)
  UNION ALL
  SELECT 'venture_assessment_missing', count(*)
    FROM active_venture v
   WHERE NOT EXISTS (SELECT FROM venture_assessments a WHERE a.venture_id = v.id AND a.assessed_on <= :as_of)
  UNION ALL
  SELECT 'resource_usage_missing', count(*) FROM portfolio_silent_in_usage(:as_of)
  UNION ALL
  SELECT 'resource_usage_negative', count(*)
    FROM venture_resource_usage
   WHERE recorded_at >= :as_of - 364
     AND recorded_at <= :as_of
     AND (hours_spent < 0 OR budget_spent < 0)
  UNION ALL
  -- Value events
  SELECT 'captured_value_negative', count(*) FROM event WHERE value_amount < 0
  UNION ALL
  SELECT 'captured_value_without_initiative', count(*) FROM event WHERE launched_at IS NULL
  UNION ALL
  SELECT 'captured_value_before_launch', count(*) FROM event WHERE captured_at < launched_at
  UNION ALL
  SELECT 'evidence_link_not_http', count(*) FROM event WHERE evidence_link !~* '^https?://[^[:space:]]+$'
  UNION ALL
  -- Opportunities
  SELECT 'opportunity_not_scored', count(*) FROM opportunity WHERE computed_score IS NULL OR net_score IS NULL
  UNION ALL
  -- net_score has one decimal: half of the last one is rounding, either way.
  SELECT 'opportunity_net_score_wrong', count(*) FROM opportunity WHERE abs(net_score - computed_score) > 0.05
  UNION ALL
  SELECT 'opportunity_launched_without_initiative', count(*)
    FROM opportunity o
   WHERE o.status = 'LAUNCHED'
     AND NOT EXISTS (SELECT FROM synergy_initiatives i WHERE i.opportunity_id = o.opportunity_id)
  UNION ALL
  -- Initiatives
  SELECT 'initiative_without_launch_date', count(*) FROM started WHERE launched_at IS NULL
  UNION ALL
  SELECT 'initiative_without_completion_date', count(*) FROM started WHERE status = 'COMPLETED' AND completed_at IS NULL
  UNION ALL
  SELECT 'initiative_without_owner', count(*) FROM started WHERE coalesce(trim(owner_name), '') = ''
  UNION ALL
  SELECT 'initiative_without_target', count(*) FROM started WHERE (target_value > 0) IS NOT TRUE
  UNION ALL
  SELECT 'initiative_without_venture_pair', count(*)
    FROM started s
   WHERE (SELECT count(*) FROM initiative_ventures p WHERE p.initiative_id = s.id) < 2
  UNION ALL
  -- Addresses: a missing one is as useless as a malformed one
  SELECT 'initiative_owner_email_unusable', count(*)
    FROM started
   WHERE status <> 'COMPLETED'
     AND portfolio_is_usable_email(owner_email) IS NOT TRUE
  UNION ALL
  SELECT 'milestone_owner_email_unusable', count(*)
    FROM initiative_milestones m
    JOIN synergy_initiatives i ON i.id = m.initiative_id
   WHERE i.status = 'ACTIVE'
     AND (m.completed_at IS NULL OR m.completed_at > :now)
     AND portfolio_is_usable_email(m.owner_email) IS NOT TRUE
  UNION ALL
  SELECT 'venture_lead_email_unusable', count(*)
    FROM active_venture
   WHERE portfolio_is_usable_email(lead_email) IS NOT TRUE
  UNION ALL
  -- Allocations and conflicts
  SELECT 'over_allocation_without_conflict', count(*)
    FROM (SELECT resource_id
            FROM venture_resource_allocations
           WHERE status = 'active'
           GROUP BY resource_id
          HAVING sum(allocation_percentage) / 100 > :conflict_over_allocation_threshold + :over_allocation_tolerance
         ) AS over_allocated
   WHERE NOT EXISTS (SELECT FROM resource_conflicts c
                      WHERE c.resource_id = over_allocated.resource_id
                        AND c.detected_at <= :now
                        AND (c.status <> 'RESOLVED' OR c.resolved_at > :now))
  UNION ALL
  SELECT 'allocation_without_hours', count(*)
    FROM venture_resource_allocations
   WHERE status = 'active'
     AND resource_type = 'people'
     AND hours_available IS NULL
  UNION ALL
  SELECT 'resource_named_differently', count(*)
    FROM (SELECT resource_id
            FROM venture_resource_allocations
           WHERE status = 'active'
           GROUP BY resource_id
          HAVING count(DISTINCT resource_name) > 1 OR count(DISTINCT resource_type) > 1
         ) AS ambiguous
  UNION ALL
  SELECT 'conflict_resolved_before_detected', count(*) FROM conflict WHERE resolved_at < detected_at
  UNION ALL
  SELECT 'conflict_resolved_without_date', count(*) FROM conflict WHERE status = 'RESOLVED' AND resolved_at IS NULL
  UNION ALL
  SELECT 'conflict_dated_but_not_resolved', count(*) FROM conflict WHERE status <> 'RESOLVED' AND resolved_at IS NOT NULL
  UNION ALL
  -- Names that a label does not hold whole (label_value_length_limit), or that are no names
  SELECT 'name_too_long', count(*)
    FROM (SELECT name::text FROM ventures
          UNION ALL
          SELECT name FROM synergy_initiatives
          UNION ALL
          SELECT owner_name FROM synergy_initiatives
          UNION ALL
          SELECT name FROM initiative_milestones WHERE completed_at IS NULL
          UNION ALL
          SELECT owner_name FROM initiative_milestones WHERE completed_at IS NULL
          UNION ALL
          SELECT resource_name FROM venture_resource_allocations
          UNION ALL
          SELECT resource_name FROM conflict
         ) AS shown (name)
   WHERE octet_length(name) > 1024
  UNION ALL
  -- Rows from the future; five minutes are the clocks of two machines
  SELECT 'future_timestamp',
         (SELECT count(*) FROM venture_metrics WHERE recorded_at > :as_of)
           + (SELECT count(*) FROM venture_resource_usage WHERE recorded_at > :as_of)
           + (SELECT count(*) FROM venture_assessments WHERE assessed_on > :as_of)
           + (SELECT count(*) FROM value_capture_log WHERE captured_at > :now + interval '5 minutes')
           + (SELECT count(*) FROM synergy_opportunities WHERE created_at > :now + interval '5 minutes')
           + (SELECT count(*) FROM resource_conflicts WHERE detected_at > :now + interval '5 minutes')
           + (SELECT count(*) FROM conflict WHERE resolved_at > :now + interval '5 minutes')
           + (SELECT count(*) FROM synergy_initiatives WHERE updated_at > :now + interval '5 minutes')
           + (SELECT count(*) FROM initiative_milestones WHERE completed_at IS NULL AND deadline_set_at > :now + interval '5 minutes')
           + (SELECT count(*) FROM initiative_notifications WHERE notified_at > :now + interval '5 minutes')
           + (SELECT count(*) FROM initiative_responses WHERE responded_at > :now + interval '5 minutes')
)
SELECT counted."check",
       unknown.example,
       counted.violations AS portfolio_data_quality_violations,
       unknown.example_rows AS portfolio_data_quality_example
  FROM counted
  LEFT JOIN unknown ON unknown."check" = counted."check"
 -- Counted and none is a true 0; in an empty database there was nothing to count.
 WHERE counted.violations > 0
    OR EXISTS (SELECT FROM ventures);
