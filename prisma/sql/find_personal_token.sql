-- Finds a valid personal token by the hash of its secret, with the roles its member has now. It is security definer
-- because the workspace is not known before the token is.
CREATE OR REPLACE FUNCTION find_personal_token(p_hash bytea)
RETURNS TABLE (workspace_id uuid, member_id uuid, token_id uuid, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.workspace_id, t.member_id, t.id, m.roles
  FROM personal_tokens t
  JOIN members m ON m.id = t.member_id
  WHERE t.hash = p_hash AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp() AND m.disabled_at IS NULL
$$;

REVOKE ALL ON FUNCTION find_personal_token FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_personal_token TO interlock_app;
