-- KPI 4, synergy capture rate: share of the opportunities identified in the trailing 90 days that were launched.
-- Source: metrics document, "4. Synergy Capture Rate"; table synergy_opportunities.
SELECT count(*) FILTER (WHERE status = 'LAUNCHED') AS portfolio_synergy_opportunities_launched,
       count(*) AS portfolio_synergy_opportunities,
       count(*) FILTER (WHERE status = 'LAUNCHED')::numeric / nullif(count(*), 0) AS portfolio_synergy_capture_ratio
  FROM synergy_opportunities
 WHERE created_at >= (:as_of - 89)::timestamp AT TIME ZONE :time_zone
   AND created_at < (:as_of + 1)::timestamp AT TIME ZONE :time_zone
   AND created_at <= :now
-- An empty database has no counts, not counts of 0.
HAVING EXISTS (SELECT FROM ventures);
