-- PORTFOLIO-001, new synergy opportunity: pairs of active ventures with opportunities in the register that nobody has taken up, that
-- are worth it (synergy_min_score_to_trigger) and of which either nobody was told, or nobody did anything for 30 days.
-- Source: gaps document, GAP-39-010, and its recursion blueprint; the register synergy_opportunities.
WITH candidate AS (
  SELECT o.opportunity_id,
         concat_ws(':', o.venture_1_id, o.venture_2_id) AS subject,
         concat_ws(' and ', v1.name::text, v2.name::text) AS subject_name,
         o.synergy_type,
         o.net_score,
         o.created_at
    FROM synergy_opportunities o
    JOIN ventures v1 ON v1.id = o.venture_1_id AND v1.status::text = 'active'
    JOIN ventures v2 ON v2.id = o.venture_2_id AND v2.status::text = 'active'
   WHERE o.status = 'IDENTIFIED'
     AND o.net_score >= :synergy_min_score_to_trigger
     AND o.created_at <= :now
)
SELECT c.subject,
       c.subject_name,
       to_char(:as_of, 'YYYY-MM-DD') AS period,
       jsonb_build_object(
         'opportunities', jsonb_agg(jsonb_build_object('id', c.opportunity_id, 'type', c.synergy_type, 'score', c.net_score)
                                    ORDER BY c.net_score DESC, c.opportunity_id),
         'highestScore', max(c.net_score)) AS details
  FROM candidate c
  LEFT JOIN LATERAL (SELECT e.opened_at
                       FROM portfolio_actions.recursion_executions e
                      WHERE e.trigger_id = 'PORTFOLIO-001'
                        AND e.subject = c.subject
                      ORDER BY e.opened_at DESC
                      LIMIT 1) AS last ON true
 GROUP BY c.subject, c.subject_name, last.opened_at
HAVING last.opened_at IS NULL
    OR last.opened_at <= :now - interval '30 days'
    OR bool_or(NOT EXISTS (SELECT FROM portfolio_actions.recursion_executions e
                            WHERE e.trigger_id = 'PORTFOLIO-001'
                              AND e.subject = c.subject
                              AND e.details @> jsonb_build_object('opportunities',
                                                 jsonb_build_array(jsonb_build_object('id', c.opportunity_id)))))
 ORDER BY max(c.net_score) DESC, c.subject;
