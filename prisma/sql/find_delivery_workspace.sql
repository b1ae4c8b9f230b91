-- Finds the workspace of a delivery. Slack names our message and no workspace, and the workspace's secret is needed to
-- check Slack's signature, so this is security definer and returns nothing else.
CREATE OR REPLACE FUNCTION find_delivery_workspace(p_delivery_id uuid) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.workspace_id FROM deliveries d WHERE d.id = p_delivery_id
$$;

REVOKE ALL ON FUNCTION find_delivery_workspace FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_delivery_workspace TO interlock_app;
