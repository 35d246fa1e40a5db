CREATE OR REPLACE VIEW portfolio_reporting.top_bottom_performers AS
SELECT venture_id,
       venture,
       total_score,
       row_number() OVER (ORDER BY total_score DESC, venture) AS rank_from_top,
       row_number() OVER (ORDER BY total_score, venture DESC) AS rank_from_bottom
  FROM portfolio_reporting.venture_scorecard
 WHERE total_score IS NOT NULL;
COMMENT ON VIEW portfolio_reporting.top_bottom_performers IS
  'Ventures by total score; equal scores by name, so that no rank is taken twice; one row per assessed active venture';
