-- Finds a valid agent credential by the hash of its secret. It is security definer because the workspace is not known
-- before the credential is.
CREATE OR REPLACE FUNCTION find_credential(p_hash bytea)
RETURNS TABLE (workspace_id uuid, agent_id uuid, credential_id uuid, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.workspace_id, c.agent_id, c.id, c.scopes
  FROM credentials c
  WHERE c.hash = p_hash AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp()
$$;

REVOKE ALL ON FUNCTION find_credential FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_credential TO interlock_app;
