-- NOTIFY portfolio_changes with the table's name, once a statement: a bulk load of 10,000 rows sends one. PostgreSQL also
-- folds equal notifications of one transaction into one. Delivery is at commit, so a listener that runs then sees the rows.
CREATE FUNCTION portfolio_notify_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify('portfolio_changes', TG_TABLE_NAME);
  RETURN NULL;
END
$$;

CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON value_capture_log
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON resource_conflicts
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON venture_resource_allocations
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON synergy_initiatives
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON initiative_milestones
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
