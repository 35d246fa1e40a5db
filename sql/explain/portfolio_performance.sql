-- KPI 1 by venture: what each one adds to sums, improvements and changes. A profit has two components, revenue and burn.
-- An improvement or change is a ratio of sums: now less then, over then. Who is active and silent now is on neither side of it;
-- its row has no numerator. Source and windows: sql/kpis/portfolio_performance.sql.
WITH moment (name, day) AS (
  SELECT 'current', :as_of
  UNION ALL
  SELECT 'baseline', day FROM portfolio_baseline_day WHERE day <= :as_of
  UNION ALL
  SELECT 'last_month', date_trunc('month', :as_of::timestamp)::date - 1
),
newest AS (
  SELECT moment.name AS moment, v.id AS venture_id, m.monthly_revenue AS revenue, m.monthly_burn AS burn, m.user_count AS users
    FROM moment
   CROSS JOIN ventures v
   CROSS JOIN LATERAL portfolio_newest_metrics(v.id, moment.day, :carry_forward_days) AS m
),
venture AS (
  SELECT v.id, v.name::text AS name, v.status::text = 'active' AS is_active,
         silent.venture_id IS NOT NULL AS is_silent,
         -- Any row up to today: who never had one is not silent but has not begun.
         coalesce((SELECT true FROM venture_metrics m WHERE m.venture_id = v.id AND m.recorded_at <= :as_of LIMIT 1), false) AS has_begun
    FROM ventures v
    LEFT JOIN portfolio_silent_ventures(:as_of, :carry_forward_days) AS silent ON silent.venture_id = v.id
),
-- A venture now, and what it was at each earlier moment.
compared AS (
  SELECT earlier.moment, v.id, v.name, v.is_silent,
         present.revenue, present.burn, present.users,
         past.revenue AS past_revenue, past.burn AS past_burn, past.users AS past_users,
         CASE WHEN v.is_silent THEN 'silent'
              WHEN present.venture_id IS NULL THEN 'left'
              WHEN past.venture_id IS NOT NULL THEN 'stayed'
              WHEN coalesce((SELECT true FROM venture_metrics m
                              WHERE m.venture_id = v.id AND m.recorded_at <= earlier.day LIMIT 1), false) THEN 'returned'
              ELSE 'joined'
         END AS state
    FROM (SELECT name AS moment, day FROM moment WHERE name <> 'current') AS earlier
   CROSS JOIN venture v
    LEFT JOIN newest present ON present.venture_id = v.id AND present.moment = 'current'
    LEFT JOIN newest past ON past.venture_id = v.id AND past.moment = earlier.moment
   WHERE present.venture_id IS NOT NULL OR past.venture_id IS NOT NULL
),
total AS (
  SELECT moment,
         count(users) AS counted,
         sum(past_users)::numeric / nullif(count(past_users), 0) AS past_users,
         count(past_users) AS past_counted,
         sign(sum(past_revenue) - sum(past_burn)) AS past_sign
    FROM compared
   WHERE NOT is_silent
   GROUP BY moment
)
SELECT sum_of.metric, v.id::text AS part_id, v.name AS part, sum_of.component, NULL AS state, sum_of.numerator, sum_of.denominator
  FROM venture v
  LEFT JOIN newest present ON present.venture_id = v.id AND present.moment = 'current'
 CROSS JOIN LATERAL (
        VALUES ('portfolio_revenue_dollars', NULL, present.revenue, NULL::numeric),
               ('portfolio_burn_dollars', NULL, present.burn, NULL),
               ('portfolio_profit_dollars', 'revenue', present.revenue, NULL),
               ('portfolio_profit_dollars', 'burn', -present.burn, NULL),
               ('portfolio_users_average', NULL, present.users, (present.users IS NOT NULL)::integer)
       ) AS sum_of (metric, component, numerator, denominator)
 WHERE present.venture_id IS NOT NULL
    OR (v.is_silent AND v.has_begun)
UNION ALL
SELECT sum_of.metric, v.id::text, v.name, sum_of.component, NULL, sum_of.numerator, NULL
  FROM newest base
  JOIN venture v ON v.id = base.venture_id
 CROSS JOIN LATERAL (
        VALUES ('portfolio_baseline_revenue_dollars', NULL, base.revenue),
               ('portfolio_baseline_burn_dollars', NULL, base.burn),
               ('portfolio_baseline_profit_dollars', 'revenue', base.revenue),
               ('portfolio_baseline_profit_dollars', 'burn', -base.burn)
       ) AS sum_of (metric, component, numerator)
 WHERE base.moment = 'baseline'
UNION ALL
SELECT counted.metric, v.id::text, v.name, NULL, NULL, 1, NULL
  FROM venture v
 CROSS JOIN LATERAL (
        VALUES ('portfolio_active_ventures', v.is_active),
               ('portfolio_ventures_missing_metrics', v.is_silent)
       ) AS counted (metric, is_one)
 WHERE counted.is_one
UNION ALL
SELECT change.metric, c.id::text, c.name, change.component, c.state,
       CASE WHEN NOT c.is_silent THEN change.numerator END,
       CASE WHEN NOT c.is_silent THEN change.denominator END
  FROM compared c
  LEFT JOIN total ON total.moment = c.moment
 CROSS JOIN LATERAL (SELECT coalesce(c.revenue, 0) - coalesce(c.past_revenue, 0) AS revenue,
                            coalesce(c.burn, 0) - coalesce(c.past_burn, 0) AS burn) AS gain
 CROSS JOIN LATERAL (
        VALUES ('baseline', 'portfolio_revenue_improvement_ratio', NULL, gain.revenue, coalesce(c.past_revenue, 0)),
               ('baseline', 'portfolio_cost_reduction_ratio', NULL, -gain.burn, coalesce(c.past_burn, 0)),
               ('baseline', 'portfolio_profit_improvement_ratio', 'revenue', gain.revenue, coalesce(c.past_revenue, 0)),
               ('baseline', 'portfolio_profit_improvement_ratio', 'burn', -gain.burn, -coalesce(c.past_burn, 0)),
               -- An average moves by who is above or below the old one, over all that are counted now.
               ('baseline', 'portfolio_user_growth_ratio', NULL,
                ((coalesce(c.users, 0) - total.past_users * (c.users IS NOT NULL)::integer)
                 - (coalesce(c.past_users, 0) - total.past_users * (c.past_users IS NOT NULL)::integer)) / nullif(total.counted, 0),
                coalesce(c.past_users, 0)::numeric / nullif(total.past_counted, 0)),
               ('last_month', 'portfolio_revenue_month_change_ratio', NULL, gain.revenue, coalesce(c.past_revenue, 0)),
               -- The base counts without its sign, as in the KPI.
               ('last_month', 'portfolio_profit_month_change_ratio', 'revenue', gain.revenue, total.past_sign * coalesce(c.past_revenue, 0)),
               ('last_month', 'portfolio_profit_month_change_ratio', 'burn', -gain.burn, -total.past_sign * coalesce(c.past_burn, 0))
       ) AS change (moment, metric, component, numerator, denominator)
 WHERE change.moment = c.moment;
