-- Finds the workspace of an unused, unexpired code that links a Slack user to a member. Slack's request names no
-- workspace, and its secret is needed to check the signature, so this is security definer and returns nothing else.
CREATE OR REPLACE FUNCTION find_slack_code_workspace(p_hash bytea) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.workspace_id
  FROM slack_codes c
  WHERE c.hash = p_hash AND c.used_at IS NULL AND c.expires_at > clock_timestamp()
$$;

REVOKE ALL ON FUNCTION find_slack_code_workspace FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_slack_code_workspace TO interlock_app;
