-- Returns the key of a workspace's advisory lock. Decisions take it shared; a stop takes it exclusive.
CREATE OR REPLACE FUNCTION workspace_lock_key(p_workspace_id uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtextextended('interlock:' || p_workspace_id::text, 0)
$$;
