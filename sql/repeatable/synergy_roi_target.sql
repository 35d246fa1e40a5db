-- Ends of the line captured value = cost x target. Two rows, because a scatter plot without a series shows an error; ventures
-- 1 and the largest number, because a scale of equal sizes draws nothing.
CREATE OR REPLACE VIEW portfolio_reporting.synergy_roi_target AS
SELECT ends.share * coalesce(plotted.cost, 10000) AS cost,
       (SELECT value FROM portfolio_reporting.thresholds WHERE name = 'synergy_roi_target') AS target,
       CASE ends.share WHEN 0 THEN 1 ELSE greatest(plotted.ventures, 2) END AS ventures
  FROM (VALUES (0.0), (1.1)) AS ends (share)
 CROSS JOIN (SELECT max(i.implementation_cost) AS cost,
                    max((SELECT count(*) FROM initiative_ventures p WHERE p.initiative_id = i.id)) AS ventures
               FROM synergy_initiatives i
              WHERE i.implementation_cost > 0
                AND i.status IN ('ACTIVE', 'COMPLETED')) AS plotted;
COMMENT ON VIEW portfolio_reporting.synergy_roi_target IS
  'Both ends of the ROI target''s line: implementation cost in dollars, target as a ratio; always two rows';
