-- NOTIFY portfolio_changes with the table's name, once a statement: a bulk load of 10,000 rows sends one. PostgreSQL also
-- folds equal notifications of one transaction into one. Delivery is at commit, so a listener that runs then sees the rows.
CREATE FUNCTION portfolio_notify_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify('portfolio_changes', TG_TABLE_NAME);
  RETURN NULL;
END
$$;

-- Every table that a KPI's SQL reads. kpi_history too: a breach is counted from it, and who records a day is not always the
-- exporter that counts. Tables that a later migration adds get theirs there.
DO $$
DECLARE
  changed text;
BEGIN
  FOREACH changed IN ARRAY ARRAY[
    'ventures', 'venture_metrics', 'venture_assessments', 'synergy_opportunities', 'portfolio_coordination_plans',
    'synergy_initiatives', 'initiative_ventures', 'initiative_milestones', 'value_capture_log', 'venture_resource_usage',
    'venture_resource_allocations', 'resource_conflicts', 'kpi_history']
  LOOP
    EXECUTE format('CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I
                      FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change()', changed);
  END LOOP;
END
$$;
