-- The workspaces that have batches to be written now. It is security definer because the application's role sees one
-- workspace at a time.
CREATE OR REPLACE FUNCTION ingest_waiting() RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id FROM workspaces w
  WHERE EXISTS (SELECT FROM ingest_inbox i WHERE i.workspace_id = w.id AND i.due_at <= clock_timestamp())
  ORDER BY w.id
$$;

REVOKE ALL ON FUNCTION ingest_waiting FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest_waiting TO interlock_app;
