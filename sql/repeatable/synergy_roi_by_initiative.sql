CREATE OR REPLACE VIEW portfolio_reporting.synergy_roi_by_initiative AS
SELECT v.initiative_id,
       v.initiative,
       initcap(v.status) AS status,
       v.implementation_cost,
       v.captured_value,
       (SELECT count(*) FROM initiative_ventures p WHERE p.initiative_id = v.initiative_id::uuid) AS ventures,
       100 * v.captured_value / nullif(v.implementation_cost, 0) AS roi_pct
  FROM portfolio_reporting.initiative_value v
 WHERE v.implementation_cost > 0
   AND v.status IN ('ACTIVE', 'COMPLETED');
COMMENT ON VIEW portfolio_reporting.synergy_roi_by_initiative IS
  'Captured value, cost and return in percent; one row per active or completed initiative that has a cost';
