-- Lists the ids of all workspaces, for jobs that visit each. It is security definer because the application's role sees
-- one workspace at a time.
CREATE OR REPLACE FUNCTION list_workspace_ids() RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id FROM workspaces w ORDER BY w.id
$$;

REVOKE ALL ON FUNCTION list_workspace_ids FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_workspace_ids TO interlock_app;
