-- Finds the member and invitation that an open invitation's code belongs to. It is security definer because the
-- workspace is not known before the code is found, so it returns no more than that.
CREATE OR REPLACE FUNCTION find_invitation(p_hash bytea)
RETURNS TABLE (workspace_id uuid, member_id uuid, invitation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.workspace_id, i.member_id, i.id
  FROM invitations i JOIN members m ON m.id = i.member_id
  WHERE i.code_hash = p_hash AND i.accepted_at IS NULL AND i.closed_at IS NULL AND i.expires_at > clock_timestamp()
    AND m.disabled_at IS NULL
$$;

REVOKE ALL ON FUNCTION find_invitation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_invitation TO interlock_app;
