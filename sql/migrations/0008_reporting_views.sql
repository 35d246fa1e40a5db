-- What the dashboards draw as rows and months: a view for each panel of the metrics document ("Dashboard Architecture") that
-- needs them, and what several of these share. Present values are read from Prometheus instead.
--
-- * A number is the one that sql/kpis/ computes for this moment: the same windows, the same newest row of a venture, the
--   same meaning of resolved, overdue and captured; unknown is NULL, never 0. exporter/test/reporting compares both.
-- * Every view takes its moment, its time zone and its day from reporting.clock and from nowhere else.
-- * Calendar months and days leave as midnight UTC and times as local wall clock written as UTC: the dashboards are fixed to
--   UTC, so that no browser moves 1 November into October. No column depends on a setting of the session.
-- * A threshold that is not in portfolio_coordination_config yet makes NULL what is computed from it and nothing else:
--   it is looked up by a scalar subquery, because a join with no row would take the other columns along.
-- * The cost of a panel follows the months, ventures and initiatives that it shows: its filter reaches the indexes. Only the
--   sums since launch and the baseline of duplicate effort are about everything before.

-- The query of threshold_changes asks for a time, not for a parameter.
CREATE INDEX portfolio_coordination_config_history_changed_at_idx ON portfolio_coordination_config_history (changed_at);

-- Duplicate hours by venture and window without their rows: measured on 1,000 ventures with three years, 2 to 5 times faster
-- for an index of a sixth of the table.
CREATE INDEX venture_resource_usage_duplicate_idx ON venture_resource_usage (venture_id, recorded_at) INCLUDE (hours_spent)
  WHERE resource_type IN ('duplicate_engineering', 'duplicate_design', 'duplicate_marketing');

-- Shared by several panels

-- Panels tell series apart by their name, tables by their key. The key's first characters are not enough where keys count
-- up or begin with a time.
CREATE VIEW reporting.venture_names AS
SELECT id::text AS venture_id,
       CASE WHEN count(*) OVER (PARTITION BY name, left(id::text, 8)) > 1 THEN name || ' (' || id || ')'
            WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || left(id::text, 8) || ')'
            ELSE name
       END AS venture,
       status
  FROM (SELECT id, coalesce(nullif(name::text, ''), id::text) AS name, status::text AS status FROM ventures) AS v;
COMMENT ON VIEW reporting.venture_names IS 'Label of a venture, unique also where a name is not; one row per venture';

CREATE VIEW reporting.initiative_names AS
SELECT id::text AS initiative_id,
       CASE WHEN count(*) OVER (PARTITION BY name, left(id::text, 8)) > 1 THEN name || ' (' || id || ')'
            WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || left(id::text, 8) || ')'
            ELSE name
       END AS initiative,
       status
  FROM (SELECT id, coalesce(nullif(name, ''), id::text) AS name, status FROM synergy_initiatives) AS i;
COMMENT ON VIEW reporting.initiative_names IS 'Label of an initiative, unique also where a name is not; one row per initiative';

CREATE VIEW reporting.portfolio_baseline AS
SELECT baseline.day,
       v.id::text AS venture_id,
       m.monthly_revenue AS revenue,
       m.monthly_burn AS burn
  FROM reporting.clock
 CROSS JOIN LATERAL (SELECT min(recorded_at) AS day
                       FROM venture_metrics
                      WHERE stage >= 39
                        AND recorded_at <= clock.today) AS baseline
 CROSS JOIN ventures v
 CROSS JOIN LATERAL (
        SELECT monthly_revenue, monthly_burn
          FROM venture_metrics
         WHERE venture_id = v.id
           AND recorded_at >= baseline.day - clock.carry_forward_days
           AND recorded_at <= baseline.day
         ORDER BY recorded_at DESC
         LIMIT 1
       ) AS m;
COMMENT ON VIEW reporting.portfolio_baseline IS
  'Monthly revenue and burn in dollars on the baseline day, by the newest row then; one row per venture that has one';

-- A level, not a sum: the newest row at the month's last day, in the running month at today.
CREATE VIEW reporting.venture_month AS
SELECT month.starts AT TIME ZONE 'UTC' AS month,
       v.id::text AS venture_id,
       m.monthly_revenue AS revenue,
       m.monthly_burn AS burn,
       v.status::text = 'active' AND m.venture_id IS NULL AS is_silent
  FROM reporting.clock
 -- From the row that somebody dated -infinity no series would ever arrive.
 CROSS JOIN (SELECT min(recorded_at) AS day FROM venture_metrics WHERE recorded_at > '-infinity') AS first
 CROSS JOIN LATERAL generate_series(date_trunc('month', first.day::timestamp), clock.today::timestamp,
                                    interval '1 month') AS month (starts)
 CROSS JOIN LATERAL (SELECT least((month.starts + interval '1 month')::date - 1, clock.today) AS day) AS as_of
 CROSS JOIN ventures v
  LEFT JOIN LATERAL (
        SELECT venture_id, monthly_revenue, monthly_burn
          FROM venture_metrics
         WHERE venture_id = v.id
           AND recorded_at >= as_of.day - clock.carry_forward_days
           AND recorded_at <= as_of.day
         ORDER BY recorded_at DESC
         LIMIT 1
       ) AS m ON true
 -- One probe of the index per venture; as EXISTS it may become a join with the whole table.
 WHERE (SELECT min(recorded_at) FROM venture_metrics WHERE venture_id = v.id) <= clock.today;
COMMENT ON VIEW reporting.venture_month IS
  'Revenue and burn in dollars a month at the month''s end (running month: today), and whether an active venture reported none; one row per month and venture';

CREATE VIEW reporting.initiative_value AS
SELECT n.initiative_id,
       n.initiative,
       n.status,
       i.implementation_cost,
       i.target_value,
       captured.cost_saved,
       captured.revenue_generated,
       captured.hours_saved,
       worth.time_value,
       -- Risk is a score, never money.
       captured.cost_saved + captured.revenue_generated + worth.time_value AS captured_value,
       captured.last_event_at
  FROM reporting.initiative_names n
  JOIN synergy_initiatives i ON i.id = n.initiative_id::uuid
 CROSS JOIN reporting.clock
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(value_amount) FILTER (WHERE value_type = 'COST_SAVED'), 0) AS cost_saved,
               coalesce(sum(value_amount) FILTER (WHERE value_type = 'REVENUE_GENERATED'), 0) AS revenue_generated,
               coalesce(sum(value_amount) FILTER (WHERE value_type = 'TIME_SAVED_HOURS'), 0) AS hours_saved,
               max(captured_at) AS last_event_at
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at <= clock.now
       ) AS captured
 -- No hours are worth nothing at any rate.
 CROSS JOIN LATERAL (SELECT CASE captured.hours_saved
                              WHEN 0 THEN 0
                              ELSE captured.hours_saved * (SELECT value FROM reporting.thresholds WHERE name = 'hourly_rate')
                            END AS time_value) AS worth;
COMMENT ON VIEW reporting.initiative_value IS
  'Everything an initiative has captured up to now, in dollars and hours; one row per initiative';

CREATE VIEW reporting.initiative_activity AS
SELECT i.id::text AS initiative_id,
       -- An update after the moment hides the one before it: then how long it was idle is not known.
       CASE WHEN i.updated_at <= clock.now THEN greatest(i.updated_at, captured.last_at) END AS last_update,
       CASE WHEN i.updated_at <= clock.now
            THEN extract(epoch FROM clock.now - greatest(i.updated_at, captured.last_at)) END AS idle_seconds
  FROM reporting.clock
 CROSS JOIN synergy_initiatives i
 CROSS JOIN LATERAL (SELECT max(captured_at) AS last_at
                       FROM value_capture_log
                      WHERE initiative_id = i.id
                        AND captured_at <= clock.now) AS captured
 WHERE i.status = 'ACTIVE';
COMMENT ON VIEW reporting.initiative_activity IS
  'Last update or value event (an instant, not wall clock) and the time since then; one row per active initiative';

-- Dashboard 1: portfolio performance

-- In a month in which an active venture is silent its baseline is left out too: the lines are compared with each other.
CREATE VIEW reporting.portfolio_revenue_trend AS
SELECT m.month,
       m.venture_id,
       b.revenue AS baseline_revenue,
       m.revenue AS current_revenue,
       b.revenue * (1 + (SELECT value FROM reporting.thresholds
                          WHERE name = 'portfolio_revenue_improvement_target')) AS target_revenue
  FROM reporting.venture_month m
  LEFT JOIN reporting.portfolio_baseline b ON b.venture_id = m.venture_id AND m.is_silent IS NOT TRUE;
COMMENT ON VIEW reporting.portfolio_revenue_trend IS
  'Revenue in dollars a month: baseline, month''s end (running month: today), target; nothing where an active venture is silent; one row per month and venture';

CREATE VIEW reporting.portfolio_profit_margin AS
SELECT month, venture_id, revenue, burn
  FROM reporting.venture_month;
COMMENT ON VIEW reporting.portfolio_profit_margin IS
  'Revenue and burn in dollars a month at the month''s end (running month: today); one row per month and venture';

CREATE VIEW reporting.venture_scorecard AS
WITH weight AS (
  SELECT max(value) FILTER (WHERE name = 'strategic_fit_weight') AS strategic_fit,
         max(value) FILTER (WHERE name = 'financial_health_weight') AS financial_health,
         max(value) FILTER (WHERE name = 'growth_potential_weight') AS growth_potential,
         max(value) FILTER (WHERE name = 'resource_efficiency_weight') AS resource_efficiency
    FROM reporting.thresholds
),
assessment AS NOT MATERIALIZED (
  SELECT a.venture_id, a.assessed_on, a.strategic_fit, a.financial_health, a.growth_potential, a.resource_efficiency,
         a.strategic_fit * weight.strategic_fit
           + a.financial_health * weight.financial_health
           + a.growth_potential * weight.growth_potential
           + a.resource_efficiency * weight.resource_efficiency AS score
    FROM venture_assessments a
   CROSS JOIN weight
   CROSS JOIN reporting.clock
   WHERE a.assessed_on <= clock.today
)
SELECT n.venture_id,
       n.venture,
       newest.strategic_fit,
       newest.financial_health,
       newest.growth_potential,
       newest.resource_efficiency,
       newest.score AS total_score,
       newest.score - previous.score AS score_change,
       CASE WHEN previous.assessed_on IS NULL THEN 'new'
            WHEN round(newest.score - previous.score, 2) > 0 THEN '▲ +' || round(newest.score - previous.score, 2)
            WHEN round(newest.score - previous.score, 2) < 0 THEN '▼ −' || round(previous.score - newest.score, 2)
            WHEN newest.score - previous.score IS NOT NULL THEN '▬ 0.00'
       END AS trend,
       newest.assessed_on::timestamp AT TIME ZONE 'UTC' AS assessed_on
  FROM reporting.venture_names n
 CROSS JOIN LATERAL (
        SELECT *
          FROM assessment
         WHERE venture_id = n.venture_id::uuid
         ORDER BY assessed_on DESC
         LIMIT 1
       ) AS newest
  LEFT JOIN LATERAL (
        SELECT assessed_on, score
          FROM assessment
         WHERE venture_id = n.venture_id::uuid
           AND assessed_on < newest.assessed_on
         ORDER BY assessed_on DESC
         LIMIT 1
       ) AS previous ON true
 WHERE n.status = 'active';
COMMENT ON VIEW reporting.venture_scorecard IS
  'Newest assessment, 0 to 5, its weighted total and the change against the one before; one row per assessed active venture';

CREATE VIEW reporting.top_bottom_performers AS
SELECT venture_id,
       venture,
       total_score,
       row_number() OVER (ORDER BY total_score DESC, venture) AS rank_from_top,
       row_number() OVER (ORDER BY total_score, venture DESC) AS rank_from_bottom
  FROM reporting.venture_scorecard
 WHERE total_score IS NOT NULL;
COMMENT ON VIEW reporting.top_bottom_performers IS
  'Ventures by total score; equal scores by name, so that no rank is taken twice; one row per assessed active venture';

CREATE VIEW reporting.score_bands AS
SELECT max(value) FILTER (WHERE name = 'min_viable_score') AS min_viable,
       max(value) FILTER (WHERE name = 'high_priority_score') AS high_priority,
       max(value) FILTER (WHERE name = 'excellent_score') AS excellent
  FROM reporting.thresholds;
COMMENT ON VIEW reporting.score_bands IS 'Limits of the scores'' colours; always one row';

-- Dashboard 2: synergy value

CREATE VIEW reporting.value_by_initiative AS
SELECT initiative_id, initiative, cost_saved, revenue_generated, time_value, hours_saved, captured_value
  FROM reporting.initiative_value
 -- Unknown only where hours without a rate were saved: that is not nothing.
 WHERE (captured_value > 0) IS NOT FALSE;
COMMENT ON VIEW reporting.value_by_initiative IS
  'Captured value since launch by kind, in dollars and hours; one row per initiative that captured any';

-- Zeros are real: between its first event and now nothing was captured in such a month.
CREATE VIEW reporting.value_capture_timeline AS
SELECT month.starts AT TIME ZONE 'UTC' AS month,
       i.id::text AS initiative_id,
       captured.cost_saved,
       captured.revenue_generated,
       CASE captured.hours_saved
         WHEN 0 THEN 0
         ELSE captured.hours_saved * (SELECT value FROM reporting.thresholds WHERE name = 'hourly_rate')
       END AS time_value,
       captured.hours_saved,
       month.starts = date_trunc('month', clock.today::timestamp) AS running
  FROM reporting.clock
 CROSS JOIN synergy_initiatives i
 CROSS JOIN LATERAL (SELECT min(captured_at) AS at
                       FROM value_capture_log
                      WHERE initiative_id = i.id
                        AND captured_at > '-infinity') AS first
 CROSS JOIN LATERAL generate_series(date_trunc('month', first.at AT TIME ZONE clock.time_zone), clock.today::timestamp,
                                    interval '1 month') AS month (starts)
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(value_amount) FILTER (WHERE value_type = 'COST_SAVED'), 0) AS cost_saved,
               coalesce(sum(value_amount) FILTER (WHERE value_type = 'REVENUE_GENERATED'), 0) AS revenue_generated,
               coalesce(sum(value_amount) FILTER (WHERE value_type = 'TIME_SAVED_HOURS'), 0) AS hours_saved
          FROM value_capture_log
         WHERE initiative_id = i.id
           AND captured_at >= month.starts AT TIME ZONE clock.time_zone
           AND captured_at < (month.starts + interval '1 month') AT TIME ZONE clock.time_zone
           AND captured_at <= clock.now
       ) AS captured;
COMMENT ON VIEW reporting.value_capture_timeline IS
  'Value captured in a calendar month by kind, in dollars and hours; one row per initiative and month since its first event';

CREATE VIEW reporting.synergy_roi_by_initiative AS
SELECT v.initiative_id,
       v.initiative,
       initcap(v.status) AS status,
       v.implementation_cost,
       v.captured_value,
       (SELECT count(*) FROM initiative_ventures p WHERE p.initiative_id = v.initiative_id::uuid) AS ventures,
       100 * v.captured_value / nullif(v.implementation_cost, 0) AS roi_pct
  FROM reporting.initiative_value v
 WHERE v.implementation_cost > 0
   AND v.status IN ('ACTIVE', 'COMPLETED');
COMMENT ON VIEW reporting.synergy_roi_by_initiative IS
  'Captured value, cost and return in percent; one row per active or completed initiative that has a cost';

-- Ends of the line captured value = cost x target. Two rows, because a scatter plot without a series shows an error; ventures
-- 1 and the largest number, because a scale of equal sizes draws nothing.
CREATE VIEW reporting.synergy_roi_target AS
SELECT ends.share * coalesce(plotted.cost, 10000) AS cost,
       (SELECT value FROM reporting.thresholds WHERE name = 'synergy_roi_target') AS target,
       CASE ends.share WHEN 0 THEN 1 ELSE greatest(plotted.ventures, 2) END AS ventures
  FROM (VALUES (0.0), (1.1)) AS ends (share)
 CROSS JOIN (SELECT max(i.implementation_cost) AS cost,
                    max((SELECT count(*) FROM initiative_ventures p WHERE p.initiative_id = i.id)) AS ventures
               FROM synergy_initiatives i
              WHERE i.implementation_cost > 0
                AND i.status IN ('ACTIVE', 'COMPLETED')) AS plotted;
COMMENT ON VIEW reporting.synergy_roi_target IS
  'Both ends of the ROI target''s line: implementation cost in dollars, target as a ratio; always two rows';

CREATE VIEW reporting.value_capture_events AS
SELECT (e.captured_at AT TIME ZONE clock.time_zone) AT TIME ZONE 'UTC' AS captured_at,
       n.initiative_id,
       n.initiative,
       CASE e.value_type
         WHEN 'COST_SAVED' THEN 'Cost saved'
         WHEN 'REVENUE_GENERATED' THEN 'Revenue generated'
         WHEN 'TIME_SAVED_HOURS' THEN 'Time saved'
         WHEN 'RISK_REDUCED' THEN 'Risk reduced'
       END AS value_type,
       CASE WHEN e.value_type = 'TIME_SAVED_HOURS' THEN trim_scale(e.value_amount) || ' h'
            WHEN e.value_type = 'RISK_REDUCED' THEN 'score ' || trim_scale(e.value_amount)
            WHEN e.value_amount = trunc(e.value_amount) THEN '$' || to_char(e.value_amount, 'FM999,999,999,990')
            ELSE '$' || to_char(e.value_amount, 'FM999,999,999,990.00')
       END AS amount,
       -- Anything else might run in the reader's browser. The rule is that of data_quality, which counts the others.
       CASE WHEN e.evidence_link ~* '^https?://[^[:space:]]+$' THEN e.evidence_link END AS evidence_link,
       e.logged_by
  FROM reporting.clock
  JOIN value_capture_log e ON e.captured_at >= (clock.today - 29)::timestamp AT TIME ZONE clock.time_zone
                          AND e.captured_at <= clock.now
  JOIN reporting.initiative_names n ON n.initiative_id::uuid = e.initiative_id;
COMMENT ON VIEW reporting.value_capture_events IS
  'Value capture events of the trailing 30 days, amounts as text in their own unit; one row per event';

-- Dashboard 3: resource efficiency

-- Dense, so that a matrix made of it keeps the order of rows and columns. A resource is its id, as in the KPI.
CREATE VIEW reporting.resource_allocation_matrix AS
WITH allocation AS NOT MATERIALIZED (
  SELECT resource_id, resource_name, resource_type, venture_id, allocation_percentage
    FROM venture_resource_allocations
   WHERE status = 'active'
),
resource AS (
  SELECT resource_id,
         initcap(min(resource_type)) || ' · ' || min(resource_name) AS name,
         CASE min(resource_type) WHEN 'people' THEN 1 WHEN 'budget' THEN 2 ELSE 3 END AS type_order,
         sum(allocation_percentage) AS total
    FROM allocation
   GROUP BY resource_id
),
labelled AS (
  SELECT resource_id, type_order, total,
         CASE WHEN count(*) OVER (PARTITION BY name, left(resource_id::text, 8)) > 1 THEN name || ' (' || resource_id || ')'
              WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || left(resource_id::text, 8) || ')'
              ELSE name
         END AS resource
    FROM resource
),
venture AS (
  SELECT n.venture_id, n.venture,
         row_number() OVER (ORDER BY share.total DESC, n.venture, n.venture_id) AS rank
    FROM (SELECT venture_id, sum(allocation_percentage) AS total FROM allocation GROUP BY venture_id) AS share
    JOIN reporting.venture_names n ON n.venture_id::uuid = share.venture_id
)
SELECT labelled.resource_id::text AS resource_id,
       labelled.resource,
       labelled.type_order,
       venture.venture_id,
       venture.venture,
       venture.rank AS venture_rank,
       allocation.allocation_percentage AS pct,
       labelled.total
  FROM labelled
 CROSS JOIN venture
  LEFT JOIN allocation ON allocation.resource_id = labelled.resource_id
                      AND allocation.venture_id = venture.venture_id::uuid;
COMMENT ON VIEW reporting.resource_allocation_matrix IS
  'Active allocations in percent, NULL where there is none; one row per resource and venture that have any';

-- The trailing 30 days at the month's end, in the running month at today, so that the last point compares with the others. A
-- past month whose 30 days begin before the first usage is left out. Of an active venture without usage of any type nothing is
-- known, so its baseline is left out as well; one that reports other usage has no duplicate one.
CREATE VIEW reporting.duplicate_efforts_trend AS
WITH first_usage AS (
  SELECT min(recorded_at) AS day FROM venture_resource_usage WHERE recorded_at > '-infinity'
),
baseline_day AS (
  SELECT min(m.recorded_at) AS day
    FROM reporting.clock
    JOIN venture_metrics m ON m.stage >= 39 AND m.recorded_at <= clock.today
)
SELECT month.starts AT TIME ZONE 'UTC' AS month,
       v.id::text AS venture_id,
       baseline.hours AS baseline_hours,
       recent.hours AS current_hours,
       baseline.hours * (1 - (SELECT value FROM reporting.thresholds
                               WHERE name = 'resource_efficiency_improvement_target')) AS target_hours
  FROM reporting.clock
 CROSS JOIN first_usage
 CROSS JOIN LATERAL generate_series(date_trunc('month', first_usage.day::timestamp), clock.today::timestamp,
                                    interval '1 month') AS month (starts)
 CROSS JOIN LATERAL (SELECT least((month.starts + interval '1 month')::date - 1, clock.today) AS day) AS as_of
 CROSS JOIN ventures v
  LEFT JOIN LATERAL (
        SELECT sum(hours_spent) AS hours
          FROM venture_resource_usage
         WHERE venture_id = v.id
           AND resource_type IN ('duplicate_engineering', 'duplicate_design', 'duplicate_marketing')
           AND recorded_at >= as_of.day - 29
           AND recorded_at <= as_of.day
       ) AS recent ON true
  LEFT JOIN (
        SELECT u.venture_id,
               sum(u.hours_spent) * 30 / (baseline_day.day - first_usage.day) AS hours
          FROM baseline_day
         CROSS JOIN first_usage
         CROSS JOIN venture_resource_usage u
         WHERE u.recorded_at < baseline_day.day
           AND u.resource_type IN ('duplicate_engineering', 'duplicate_design', 'duplicate_marketing')
         GROUP BY u.venture_id, baseline_day.day, first_usage.day
       ) AS baseline ON baseline.venture_id = v.id
            AND (v.status::text = 'active'
                 AND recent.hours IS NULL
                 AND NOT EXISTS (SELECT FROM venture_resource_usage u
                                  WHERE u.venture_id = v.id
                                    AND u.recorded_at >= as_of.day - 29
                                    AND u.recorded_at <= as_of.day)) IS NOT TRUE
 WHERE (as_of.day - 29 >= first_usage.day OR as_of.day = clock.today)
   AND (SELECT min(recorded_at)
          FROM venture_resource_usage
         WHERE venture_id = v.id
           AND resource_type IN ('duplicate_engineering', 'duplicate_design', 'duplicate_marketing')) <= clock.today;
COMMENT ON VIEW reporting.duplicate_efforts_trend IS
  'Duplicate hours of the 30 days to the month''s end (running month: today); one row per month and venture';

-- Twelve bins of a quarter of the target, and one for all that took longer than three targets. Those after the slowest
-- conflict are left out, but not the two after the target: a chart of nothing keeps its axes and its target. A bin includes
-- its upper end, because who takes as long as the target is within it. Without a target nothing is within it or over it.
CREATE VIEW reporting.conflict_resolution_time AS
WITH target AS (
  SELECT nullif((SELECT value FROM reporting.thresholds WHERE name = 'conflict_resolution_time_target'), 0) AS seconds
),
resolved AS (
  SELECT least(greatest(ceil(extract(epoch FROM c.resolved_at - c.detected_at) * 4 / target.seconds) - 1, 0), 12) AS bin,
         count(*) AS conflicts
    FROM reporting.clock
   CROSS JOIN target
    JOIN resource_conflicts c ON c.detected_at >= (clock.today - 29)::timestamp AT TIME ZONE clock.time_zone
                             AND c.detected_at <= clock.now
   WHERE c.status = 'RESOLVED'
     AND c.resolved_at <= clock.now
   GROUP BY 1
)
SELECT bin.number * coalesce(target.seconds, 172800) / 14400 AS hours,
       CASE WHEN bin.number < 4 AND target.seconds IS NOT NULL THEN coalesce(resolved.conflicts, 0) END AS within_target,
       CASE WHEN bin.number >= 4 AND target.seconds IS NOT NULL THEN coalesce(resolved.conflicts, 0) END AS over_target,
       CASE WHEN bin.number = 4 AND target.seconds IS NOT NULL THEN 1 END AS target,
       target.seconds / 3600 AS target_hours
  FROM target
 CROSS JOIN generate_series(0, 12) AS bin (number)
  LEFT JOIN resolved ON resolved.bin = bin.number
 WHERE bin.number <= greatest((SELECT max(bin) FROM resolved), 5);
COMMENT ON VIEW reporting.conflict_resolution_time IS
  'Resolved conflicts of the trailing 30 days by the hours until they were; one row per bin, at least six';

-- Dashboard 4: initiative tracking

CREATE VIEW reporting.active_initiatives AS
SELECT n.initiative_id,
       n.initiative,
       i.is_critical AS critical,
       CASE WHEN due.overdue_seconds > alert.delayed THEN 'Delayed'
            WHEN due.overdue_seconds > 0 THEN 'Overdue'
            WHEN activity.idle_seconds >= alert.stalled THEN 'Stalled'
            WHEN activity.idle_seconds > alert.update_late THEN 'Update late'
            -- On track is a claim: it needs every limit.
            WHEN alert.delayed IS NOT NULL AND alert.stalled IS NOT NULL AND alert.update_late IS NOT NULL THEN 'On track'
       END AS status,
       i.owner_name AS owner,
       i.progress_pct AS progress,
       coalesce(milestone.name, 'No open milestone') AS next_milestone,
       milestone.deadline::timestamp AT TIME ZONE 'UTC' AS deadline,
       milestone.deadline - clock.today AS days_left,
       (activity.last_update AT TIME ZONE clock.time_zone) AT TIME ZONE 'UTC' AS last_update,
       floor(activity.idle_seconds / 86400)::integer AS days_since_update
  FROM reporting.clock
 CROSS JOIN (SELECT (SELECT value FROM reporting.thresholds WHERE name = 'delayed_milestone_alert') AS delayed,
                    (SELECT value FROM reporting.thresholds WHERE name = 'stalled_initiative_threshold') AS stalled,
                    (SELECT value FROM reporting.thresholds WHERE name = 'initiative_update_frequency') AS update_late) AS alert
 CROSS JOIN reporting.initiative_activity activity
  JOIN reporting.initiative_names n ON n.initiative_id = activity.initiative_id
  JOIN synergy_initiatives i ON i.id = activity.initiative_id::uuid
  LEFT JOIN LATERAL (
        -- A deadline of infinity is none: it has no days left.
        SELECT m.name, CASE WHEN isfinite(m.deadline) THEN m.deadline END AS deadline
          FROM initiative_milestones m
         WHERE m.initiative_id = i.id
           AND (m.completed_at IS NULL OR m.completed_at > clock.now)
         ORDER BY m.deadline, m.name, m.id
         LIMIT 1
       ) AS milestone ON true
 -- The deadline's day belongs to the owner: overdue begins with its end.
 CROSS JOIN LATERAL (SELECT extract(epoch FROM clock.now - (milestone.deadline + 1)::timestamp AT TIME ZONE clock.time_zone)
                              AS overdue_seconds) AS due;
COMMENT ON VIEW reporting.active_initiatives IS
  'State, next open milestone and last update; one row per active initiative';

-- A bar per milestone: completed, from its start to its completion; overdue, to today; else to its deadline. Without a start
-- of its own it begins with the deadline before it, or with the launch. Bars of an initiative that overlap get lanes: each
-- takes the first lane that is free at its start.
CREATE VIEW reporting.initiative_timeline AS
WITH RECURSIVE bar AS (
  SELECT n.initiative_id,
         n.initiative,
         i.launched_at,
         m.id AS milestone_id,
         m.name AS milestone,
         CASE WHEN m.completed_at <= clock.now THEN 'Completed'
              WHEN m.deadline < clock.today THEN 'Overdue'
              WHEN span.starts <= clock.today THEN 'In progress'
              ELSE 'Upcoming'
         END AS state,
         span.starts,
         greatest(CASE WHEN m.completed_at <= clock.now THEN (m.completed_at AT TIME ZONE clock.time_zone)::date
                       WHEN m.deadline < clock.today THEN clock.today
                       ELSE m.deadline
                  END, span.starts + 1) AS ends
    FROM reporting.clock
   CROSS JOIN reporting.initiative_names n
    JOIN synergy_initiatives i ON i.id = n.initiative_id::uuid
    JOIN initiative_milestones m ON m.initiative_id = i.id
   CROSS JOIN LATERAL (
          SELECT least(coalesce(m.starts_on,
                                (SELECT max(earlier.deadline)
                                   FROM initiative_milestones earlier
                                  WHERE earlier.initiative_id = m.initiative_id
                                    AND earlier.deadline < m.deadline),
                                (i.launched_at AT TIME ZONE clock.time_zone)::date,
                                m.deadline - 14),
                       m.deadline - 1) AS starts
         ) AS span
   WHERE i.status IN ('PLANNED', 'ACTIVE', 'PAUSED', 'COMPLETED')
     AND isfinite(m.deadline)
),
numbered AS (
  SELECT bar.*,
         row_number() OVER (PARTITION BY initiative_id ORDER BY starts, ends, milestone, milestone_id) AS number,
         dense_rank() OVER (ORDER BY launched_at, initiative, initiative_id) AS sort
    FROM bar
),
laid AS (
  SELECT numbered.*, 1 AS lane, ARRAY[ends] AS lane_ends
    FROM numbered
   WHERE number = 1
  UNION ALL
  SELECT next.*, free.lane, laid.lane_ends[1:free.lane - 1] || next.ends || laid.lane_ends[free.lane + 1:]
    FROM laid
    JOIN numbered next ON next.initiative_id = laid.initiative_id AND next.number = laid.number + 1
   CROSS JOIN LATERAL (
          SELECT coalesce(min(lane) FILTER (WHERE laid.lane_ends[lane] <= next.starts),
                          cardinality(laid.lane_ends) + 1) AS lane
            FROM generate_subscripts(laid.lane_ends, 1) AS lane
         ) AS free
)
SELECT initiative_id,
       CASE lane WHEN 1 THEN initiative ELSE initiative || ' (' || lane || ')' END AS initiative,
       starts::timestamp AT TIME ZONE 'UTC' AS start_time,
       ends::timestamp AT TIME ZONE 'UTC' AS end_time,
       state || ': ' || milestone AS state,
       sort,
       lane
  FROM laid;
COMMENT ON VIEW reporting.initiative_timeline IS
  'Milestones as bars, those that overlap in lanes of their own; one row per milestone, without terminated initiatives';

-- The initiatives of portfolio_initiative_value_progress_ratio: completed ones for 90 days.
CREATE VIEW reporting.value_capture_progress AS
SELECT v.initiative_id,
       v.initiative,
       v.status,
       100 * v.captured_value / nullif(v.target_value, 0) AS progress_pct,
       v.captured_value,
       v.target_value,
       -- 99.9% is not the target yet: the number in the label is cut, not rounded.
       v.initiative || ' · ' || coalesce(floor(100 * v.captured_value / nullif(v.target_value, 0)) || '% ($'
                                           || to_char(trunc(v.captured_value), 'FM999,999,999,999,990') || ' of $',
                                         'not known (target $')
         || to_char(v.target_value, 'FM999,999,999,999,990') || ')' AS label
  FROM reporting.clock
 CROSS JOIN reporting.initiative_value v
  JOIN synergy_initiatives i ON i.id = v.initiative_id::uuid
 WHERE v.target_value > 0
   AND (i.status IN ('ACTIVE', 'PAUSED')
         OR (i.status = 'COMPLETED' AND i.completed_at >= (clock.today - 89)::timestamp AT TIME ZONE clock.time_zone));
COMMENT ON VIEW reporting.value_capture_progress IS
  'Captured value of all time against the target value, in percent; one row per initiative that has a target';

CREATE VIEW reporting.stalled_initiatives AS
SELECT n.initiative_id,
       n.initiative,
       i.owner_name AS owner,
       floor(activity.idle_seconds / 86400)::integer AS days_idle,
       (activity.last_update AT TIME ZONE clock.time_zone) AT TIME ZONE 'UTC' AS last_update
  FROM reporting.clock
 CROSS JOIN reporting.initiative_activity activity
  JOIN reporting.initiative_names n ON n.initiative_id = activity.initiative_id
  JOIN synergy_initiatives i ON i.id = activity.initiative_id::uuid
 WHERE activity.idle_seconds >= (SELECT value FROM reporting.thresholds WHERE name = 'stalled_initiative_threshold');
COMMENT ON VIEW reporting.stalled_initiatives IS
  'Active initiatives without an update or value event for stalled_initiative_threshold; one row per initiative';

CREATE VIEW reporting.upcoming_milestones AS
SELECT m.deadline::timestamp AT TIME ZONE 'UTC' AS day,
       n.initiative_id,
       n.initiative,
       m.name AS milestone,
       coalesce(m.owner_name, i.owner_name, 'no owner') AS owner
  FROM reporting.clock
 CROSS JOIN reporting.initiative_names n
  JOIN synergy_initiatives i ON i.id = n.initiative_id::uuid
  JOIN initiative_milestones m ON m.initiative_id = i.id
 WHERE i.status IN ('PLANNED', 'ACTIVE', 'PAUSED')
   AND (m.completed_at IS NULL OR m.completed_at > clock.now)
   AND m.deadline >= clock.today
   AND m.deadline <= clock.today + 30;
COMMENT ON VIEW reporting.upcoming_milestones IS
  'Open milestones with a deadline today or in the 30 days after it; one row per milestone';

CREATE VIEW reporting.calendar_days AS
SELECT date.at AT TIME ZONE 'UTC' AS day,
       date_trunc('week', date.at) AT TIME ZONE 'UTC' AS week,
       extract(isodow FROM date.at)::integer AS weekday,
       date.at::date >= clock.today AND date.at::date <= clock.today + 30 AS in_window,
       date.at::date = clock.today AS is_today,
       to_char(date.at, 'FMDD Mon') || CASE WHEN date.at::date = clock.today THEN ', today' ELSE '' END AS label
  FROM reporting.clock
 CROSS JOIN LATERAL generate_series(date_trunc('week', clock.today::timestamp),
                                    date_trunc('week', (clock.today + 30)::timestamp) + interval '6 days',
                                    interval '1 day') AS date (at);
COMMENT ON VIEW reporting.calendar_days IS
  'The whole weeks, Monday first, around today and the 30 days after it; one row per day';

-- Operations

CREATE VIEW reporting.threshold_changes AS
SELECT (h.changed_at AT TIME ZONE clock.time_zone) AT TIME ZONE 'UTC' AS changed_at,
       h.parameter_name AS name,
       shown.old_value,
       shown.new_value,
       c.unit,
       h.changed_by,
       h.reason
  FROM reporting.clock
  JOIN portfolio_coordination_config_history h ON h.changed_at >= (clock.today - 364)::timestamp AT TIME ZONE clock.time_zone
                                              AND h.changed_at <= clock.now
  LEFT JOIN portfolio_coordination_config c ON c.parameter_name = h.parameter_name
 CROSS JOIN LATERAL (
        SELECT max(readable.text) FILTER (WHERE side = 'old') AS old_value,
               max(readable.text) FILTER (WHERE side = 'new') AS new_value
          FROM (VALUES ('old', h.old_value), ('new', h.new_value)) AS kept (side, value)
         -- What somebody wrote by hand need not be a number; what JavaScript wrote may have an exponent.
         CROSS JOIN LATERAL (SELECT CASE WHEN kept.value ~ '^-?[0-9]{1,15}(\.[0-9]{1,20})?(e-?[0-9]{1,2})?$'
                                         THEN kept.value::numeric END AS number) AS parsed
         CROSS JOIN LATERAL (SELECT CASE
                WHEN parsed.number IS NULL THEN kept.value
                WHEN c.unit = 'ratio' THEN trim_scale(100 * parsed.number) || '%'
                WHEN c.unit = 'dollars' THEN '$' || CASE WHEN parsed.number = trunc(parsed.number)
                                                         THEN to_char(parsed.number, 'FM999,999,999,999,999,990')
                                                         ELSE to_char(parsed.number, 'FM999,999,999,999,999,990.00') END
                -- As thresholds.yaml writes them: 48 h, but 14 d.
                WHEN c.unit = 'seconds' AND parsed.number >= 259200 AND parsed.number % 86400 = 0
                  THEN trim_scale(parsed.number / 86400) || ' d'
                WHEN c.unit = 'seconds' AND parsed.number % 3600 = 0 THEN trim_scale(parsed.number / 3600) || ' h'
                WHEN c.unit = 'seconds' AND parsed.number % 60 = 0 THEN trim_scale(parsed.number / 60) || ' min'
                WHEN c.unit = 'seconds' THEN trim_scale(parsed.number) || ' s'
                ELSE trim_scale(parsed.number)::text
              END AS text) AS readable
       ) AS shown;
COMMENT ON VIEW reporting.threshold_changes IS
  'Changes of thresholds and targets in the trailing 365 days, values as people write them; one row per change';
