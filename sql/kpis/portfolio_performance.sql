-- KPI 1, portfolio performance: the sum over all ventures, against the baseline before coordination began.
-- Source: metrics document, "1. Portfolio Performance"; table venture_metrics (monthly_revenue and monthly_burn in
-- dollars a month). Portfolio profit is computed here first, because a SELECT cannot use its own aliases.
-- A sum is what is known. A comparison leaves out on both sides who is active and silent now: silence is no fall.
WITH moment (name, day) AS (
  SELECT 'current', :as_of
  UNION ALL
  SELECT 'baseline', day FROM portfolio_baseline_day WHERE day <= :as_of
  UNION ALL
  SELECT 'last_month', date_trunc('month', :as_of::timestamp)::date - 1
),
newest AS (
  SELECT moment.name AS moment, v.id AS venture_id, m.monthly_revenue, m.monthly_burn, m.user_count
    FROM moment
   CROSS JOIN ventures v
   CROSS JOIN LATERAL portfolio_newest_metrics(v.id, moment.day, :carry_forward_days) AS m
),
silent AS (
  -- They have no row on the present side, so only the earlier sides are summed again without them.
  SELECT venture_id FROM portfolio_silent_ventures(:as_of, :carry_forward_days)
),
total AS (
  SELECT moment,
         sum(monthly_revenue) AS revenue,
         sum(monthly_burn) AS burn,
         sum(monthly_revenue) - sum(monthly_burn) AS profit,
         avg(user_count) AS users
    FROM newest
   GROUP BY moment
),
compared AS (
  SELECT moment,
         sum(monthly_revenue) AS revenue,
         sum(monthly_burn) AS burn,
         sum(monthly_revenue) - sum(monthly_burn) AS profit,
         avg(user_count) AS users
    FROM newest n
   WHERE NOT EXISTS (SELECT FROM silent s WHERE s.venture_id = n.venture_id)
   GROUP BY moment
),
registered AS (
  -- No venture at all: no row, so that an empty database exports nothing.
  SELECT count(*) FILTER (WHERE v.status::text = 'active') AS active,
         (SELECT count(*) FROM silent) AS missing
    FROM ventures v
  HAVING count(*) > 0
)
SELECT present.revenue AS portfolio_revenue_dollars,
       present.burn AS portfolio_burn_dollars,
       present.profit AS portfolio_profit_dollars,
       present.users AS portfolio_users_average,
       baseline_total.revenue AS portfolio_baseline_revenue_dollars,
       baseline_total.burn AS portfolio_baseline_burn_dollars,
       baseline_total.profit AS portfolio_baseline_profit_dollars,
       -- Revenue, burn and users are never negative: only a base of 0 has no ratio.
       (present.revenue - base.revenue) / nullif(base.revenue, 0) AS portfolio_revenue_improvement_ratio,
       (present.users - base.users) / nullif(base.users, 0) AS portfolio_user_growth_ratio,
       CASE WHEN base.profit > 0 THEN (present.profit - base.profit) / base.profit END AS portfolio_profit_improvement_ratio,
       (base.burn - present.burn) / nullif(base.burn, 0) AS portfolio_cost_reduction_ratio,
       (present.revenue - past.revenue) / nullif(past.revenue, 0) AS portfolio_revenue_month_change_ratio,
       -- A loss that halves is an improvement: the base counts without its sign.
       (present.profit - past.profit) / nullif(abs(past.profit), 0) AS portfolio_profit_month_change_ratio,
       registered.active AS portfolio_active_ventures,
       registered.missing AS portfolio_ventures_missing_metrics
  FROM registered
  LEFT JOIN total AS present ON present.moment = 'current'
  LEFT JOIN total AS baseline_total ON baseline_total.moment = 'baseline'
  LEFT JOIN compared AS base ON base.moment = 'baseline'
  LEFT JOIN compared AS past ON past.moment = 'last_month';
