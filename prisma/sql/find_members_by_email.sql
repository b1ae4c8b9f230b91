-- Finds the enabled accounts with an email address, at most 20, for sign-in. It is security definer because the
-- workspace is not known before the person has signed in.
CREATE OR REPLACE FUNCTION find_members_by_email(p_email text)
RETURNS TABLE (workspace_id uuid, member_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.workspace_id, m.id, m.password_hash
  FROM members m
  WHERE m.email = lower(p_email) AND m.disabled_at IS NULL
  ORDER BY m.created_at
  LIMIT 20
$$;

REVOKE ALL ON FUNCTION find_members_by_email FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_members_by_email TO interlock_app;
