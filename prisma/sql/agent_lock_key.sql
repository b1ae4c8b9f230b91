-- Returns the key of the advisory lock that serialises changes to one agent's counters and requests.
CREATE OR REPLACE FUNCTION agent_lock_key(p_agent_id uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtextextended('interlock:agent:' || p_agent_id::text, 0)
$$;
