-- How much waits to be written, in all and of one workspace, counted no further than to the given number, and for how
-- many seconds the oldest batch of the workspace has been waiting that nobody has taken up yet. It is security definer
-- because the whole matters.
CREATE OR REPLACE FUNCTION ingest_load(p_workspace uuid, p_most integer)
RETURNS TABLE (batches integer, workspace_batches integer, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT count(*)::integer FROM (SELECT FROM ingest_inbox LIMIT p_most) AS a),
    (SELECT count(*)::integer FROM (SELECT FROM ingest_inbox WHERE workspace_id = p_workspace LIMIT p_most) AS w),
    coalesce((SELECT extract(epoch FROM clock_timestamp() - i.received_at)::double precision
      FROM ingest_inbox i WHERE i.workspace_id = p_workspace AND i.attempts = 0 ORDER BY i.due_at LIMIT 1), 0)
$$;

REVOKE ALL ON FUNCTION ingest_load FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest_load TO interlock_app;
