CREATE OR REPLACE FUNCTION portfolio_apply_grants() RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
  wanted text;
BEGIN
  FOR wanted IN SELECT statement FROM portfolio_missing_grants() AS statement LOOP
    -- Taking a right from everybody may break other users of the database: that is for its administrator to decide.
    CONTINUE WHEN wanted LIKE 'REVOKE %';
    BEGIN
      EXECUTE wanted;
    EXCEPTION
      -- No right to do it, no such role; or, because roles belong to the cluster, a migration of another database that
      -- created the role at this moment. What is still missing afterwards is returned.
      WHEN insufficient_privilege OR undefined_object OR duplicate_object OR unique_violation THEN
        NULL;
      WHEN internal_error THEN
        IF SQLERRM NOT LIKE 'tuple concurrently%' THEN
          RAISE;
        END IF;
    END;
  END LOOP;
  RETURN QUERY SELECT statement FROM portfolio_missing_grants() AS statement;
END
$$;
COMMENT ON FUNCTION portfolio_apply_grants() IS
  'runs the statements of portfolio_missing_grants() that the caller may run and returns those left to an administrator';
REVOKE EXECUTE ON FUNCTION portfolio_apply_grants() FROM PUBLIC;
