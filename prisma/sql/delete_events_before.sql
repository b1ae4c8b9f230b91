-- Deletes at most so many of a workspace's events that were kept and arrived before a moment, and what hangs on traces
-- all of whose events are older. Returns how many events went. What was counted in
-- `agent_hours`, `spend_calls` and `spend_values` stays.
CREATE OR REPLACE FUNCTION delete_events_before(p_workspace uuid, p_before timestamptz, p_take integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_events integer;
BEGIN
  PERFORM pg_advisory_xact_lock(events_lock_key(p_workspace));
  DELETE FROM events e USING (
    SELECT o.trace_id, o.event_id, o.kept_at FROM events o
    WHERE o.workspace_id = p_workspace AND o.kept_at < p_before AND o.received_at < p_before LIMIT p_take) AS old
  WHERE e.workspace_id = p_workspace AND e.trace_id = old.trace_id AND e.event_id = old.event_id
    AND e.kept_at = old.kept_at AND e.kept_at < p_before;
  GET DIAGNOSTICS v_events = ROW_COUNT;
  IF v_events < p_take THEN
    DELETE FROM traces WHERE workspace_id = p_workspace AND kept_to < p_before AND received_at < p_before;
    DELETE FROM executed_calls WHERE workspace_id = p_workspace AND kept_at < p_before - interval '1 day';
    DELETE FROM event_costs WHERE workspace_id = p_workspace AND kept_at < p_before - interval '1 day';
    DELETE FROM event_conflicts WHERE workspace_id = p_workspace AND received_at < p_before;
    DELETE FROM usage_points WHERE workspace_id = p_workspace AND received_at < p_before;
    DELETE FROM counted_runs WHERE workspace_id = p_workspace AND kept_at < p_before - interval '1 day';
    DELETE FROM event_facts WHERE workspace_id = p_workspace AND created_at < p_before;
  END IF;
  RETURN v_events;
END $$;

REVOKE ALL ON FUNCTION delete_events_before FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delete_events_before TO interlock_app;
