-- Keeps how traces are counted as runs.
CREATE OR REPLACE FUNCTION spend_keep_runs(
  p_workspace uuid, p_trace bytea[], p_agent uuid[], p_first bigint[], p_root_ns bigint[], p_root_event bytea[],
  p_succeeded boolean[], p_kept bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO counted_runs AS r (
    workspace_id, trace_id, agent_id, first_at, root_ns, root_event, succeeded, kept_at)
  SELECT p_workspace, u.trace, u.agent, moment_of(u.first), u.root_ns, u.root_event, u.succeeded, moment_of(u.kept)
  FROM unnest(p_trace, p_agent, p_first, p_root_ns, p_root_event, p_succeeded, p_kept)
    AS u (trace, agent, first, root_ns, root_event, succeeded, kept)
  ON CONFLICT (workspace_id, trace_id) DO UPDATE SET
    first_at = excluded.first_at,
    root_ns = excluded.root_ns,
    root_event = excluded.root_event,
    succeeded = excluded.succeeded,
    kept_at = excluded.kept_at
$$;

REVOKE ALL ON FUNCTION spend_keep_runs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION spend_keep_runs TO interlock_app;
