-- Returns, over all workspaces, how long the oldest undelivered message has been due and how long ago the outbox was
-- read. It is security definer because metrics have no workspace.
CREATE OR REPLACE FUNCTION delivery_lag() RETURNS TABLE (due_seconds double precision, read_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT
    coalesce((
      SELECT greatest(0, extract(epoch FROM clock_timestamp() - min(d.due_at)))
      FROM deliveries d
      JOIN delivery_cursors c ON c.workspace_id = d.workspace_id AND c.held_at IS NULL
      LEFT JOIN destinations o ON o.id = d.destination_id
      WHERE d.state IN ('planned', 'pending') AND d.attempts = 0 AND coalesce(o.state, 'on') = 'on'
    ), 0)::float8,
    coalesce((
      SELECT extract(epoch FROM clock_timestamp() - min(c.read_at)) FROM delivery_cursors c WHERE c.held_at IS NULL
    ), 0)::float8
$$;

REVOKE ALL ON FUNCTION delivery_lag FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delivery_lag TO interlock_app;
