-- Twelve bins of a quarter of the target, and one for all that took longer than three targets. Those after the slowest
-- conflict are left out, but not the two after the target: a chart of nothing keeps its axes and its target. A bin includes
-- its upper end, because who takes as long as the target is within it. Without a target nothing is within it or over it.
CREATE OR REPLACE VIEW portfolio_reporting.conflict_resolution_time AS
WITH target AS (
  SELECT nullif((SELECT value FROM portfolio_reporting.thresholds WHERE name = 'conflict_resolution_time_target'), 0) AS seconds
),
resolved AS (
  SELECT least(greatest(ceil(extract(epoch FROM c.resolved_at - c.detected_at) * 4 / target.seconds) - 1, 0), 12) AS bin,
         count(*) AS conflicts
    FROM portfolio_reporting.clock
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
COMMENT ON VIEW portfolio_reporting.conflict_resolution_time IS
  'Resolved conflicts of the trailing 30 days by the hours until they were; one row per bin, at least six';
