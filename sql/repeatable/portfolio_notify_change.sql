-- NOTIFY portfolio_changes with the table's name, once a statement: a bulk load of 10,000 rows sends one. PostgreSQL also
-- folds equal notifications of one transaction into one. Delivery is at commit, so a listener that runs then sees the rows.
CREATE OR REPLACE FUNCTION portfolio_notify_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify('portfolio_changes', TG_TABLE_NAME);
  RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION portfolio_notify_change() FROM PUBLIC;
