-- PORTFOLIO-003, portfolio performance review: once a month, from performance_report_delivery_day on. The alert on falling performance
-- fires it as well, without this condition. Source: gaps document, GAP-39-010; metrics document, "Alert 1" (action 2).
SELECT 'portfolio' AS subject,
       'Portfolio' AS subject_name,
       to_char(:as_of, 'YYYY-MM') AS period,
       jsonb_build_object('cause', 'month') AS details
 WHERE extract(day FROM :as_of) >= :performance_report_delivery_day
   AND NOT EXISTS (SELECT FROM portfolio_actions.recursion_executions e
                    WHERE e.trigger_id = 'PORTFOLIO-003'
                      AND e.period = to_char(:as_of, 'YYYY-MM'));
