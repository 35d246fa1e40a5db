-- Since when a milestone stands with its deadline: a message from before was about another delay.
CREATE OR REPLACE FUNCTION portfolio_set_deadline_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.deadline_set_at := now();
  RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION portfolio_set_deadline_time() FROM PUBLIC;
