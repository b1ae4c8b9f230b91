-- Returns how long a tie holds in a workspace. A workspace that the caller cannot see gets the default.
CREATE OR REPLACE FUNCTION cooling_off(p_workspace uuid) RETURNS interval
LANGUAGE sql STABLE AS $$
  SELECT make_interval(
    secs => 3600 * coalesce((SELECT w.cooling_off_hours FROM workspaces w WHERE w.id = p_workspace), 72))
$$;
