-- Keeps second versions of events beside the first, and counts them on their traces. The same second version again
-- changes nothing. Returns how many are new.
CREATE OR REPLACE FUNCTION events_conflict(
  p_workspace uuid, p_trace bytea[], p_event bytea[], p_digest bytea[], p_agent uuid[], p_credential uuid[],
  p_received bigint[], p_content jsonb[]
) RETURNS TABLE (kept bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH written AS (
    INSERT INTO event_conflicts
      (workspace_id, trace_id, event_id, digest, agent_id, credential_id, event, received_at)
    SELECT p_workspace, u.trace, u.event, u.digest, u.agent, u.credential, u.content, moment_of(u.received)
    FROM unnest(p_trace, p_event, p_digest, p_agent, p_credential, p_received, p_content)
      AS u (trace, event, digest, agent, credential, received, content)
    ON CONFLICT DO NOTHING
    RETURNING trace_id
  ), counted AS (
    UPDATE traces t SET conflicts = t.conflicts + w.n
    FROM (SELECT trace_id, count(*) AS n FROM written GROUP BY trace_id) AS w
    WHERE t.workspace_id = p_workspace AND t.trace_id = w.trace_id
  )
  SELECT count(*) FROM written
$$;

REVOKE ALL ON FUNCTION events_conflict FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_conflict TO interlock_app;
