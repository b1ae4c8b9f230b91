-- The key of the advisory lock under which a workspace's events are written. One writer at a time makes looking for an
-- event that is there already, on whatever day, safe against the same event arriving twice at once.
CREATE OR REPLACE FUNCTION events_lock_key(p_workspace uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtextextended('events ' || p_workspace::text, 0)
$$;
