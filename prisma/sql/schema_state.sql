-- Returns how many migrations the database has and how many are unfinished, for the readiness check. It is security
-- definer because the bookkeeping table belongs to the role that migrates.
CREATE OR REPLACE FUNCTION schema_state() RETURNS TABLE (migrations integer, unfinished integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF to_regclass('_prisma_migrations') IS NULL THEN
    RETURN QUERY SELECT 0, 0;
    RETURN;
  END IF;
  -- EXECUTE, because a database that Prisma has not migrated has no such table to plan for.
  RETURN QUERY EXECUTE
    'SELECT count(*)::integer, (count(*) FILTER (WHERE finished_at IS NULL AND rolled_back_at IS NULL))::integer '
    'FROM _prisma_migrations';
END $$;

REVOKE ALL ON FUNCTION schema_state FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schema_state TO interlock_app;
