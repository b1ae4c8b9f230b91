-- Finds or makes the sessions and runs of a batch and locks the runs, in the order given. Returns each run as it
-- stands, and the ids of runs and sessions by their places. Places of callers that may not go on stay empty.
-- Time spent waiting for people is added up only for a run that has lasted longer than `p_seconds`.
CREATE OR REPLACE FUNCTION batch_lock_runs(
  p_workspace uuid, p_alive uuid[], p_agent uuid[], p_session text[], p_name text[], p_seconds integer[]
) RETURNS TABLE (runs json, ids uuid[], sessions uuid[], has_failures boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_found bigint;
  v_wanted bigint := (SELECT count(*) FROM unnest(p_agent) AS u WHERE u = ANY (p_alive));
BEGIN
  FOR v_attempt IN 1 .. 2 LOOP
    SELECT json_agg(json_build_object('place', x.place, 'id', x.id, 'session', x.session_id, 'state', x.state,
          'haltedReason', x.halted_reason, 'steps', x.steps, 'allowed', x.allowed, 'asked', x.asked,
          'refused', x.refused, 'costMicros', x.cost_micros, 'extraSteps', x.extra_steps,
          'extraSeconds', x.extra_seconds, 'extraCostMicros', x.extra_cost_micros, 'lastAction', x.last_action,
          'sameCalls', x.same_calls, 'reach', x.reach, 'startedAt', extract(epoch FROM x.started_at)::float8,
          'waited', CASE WHEN x.asked + x.extra_seconds > 0
              AND extract(epoch FROM clock_timestamp() - x.started_at) > x.seconds
            THEN waited_seconds(x.id, clock_timestamp()) ELSE 0 END))
        FILTER (WHERE x.id IS NOT NULL),
      array_agg(x.id ORDER BY x.place), array_agg(x.session_id ORDER BY x.place), bool_or(x.failures > 0), count(x.id)
    INTO runs, ids, sessions, has_failures, v_found
    FROM (
      SELECT w.place, w.seconds, r.* FROM unnest(p_agent, p_session, p_name, p_seconds) WITH ORDINALITY
        AS w (agent, session, name, seconds, place)
      JOIN sessions s ON s.agent_id = w.agent AND s.external_id = w.session
      JOIN runs r ON r.session_id = s.id AND r.external_id = w.name
      WHERE w.agent = ANY (p_alive) ORDER BY w.place FOR UPDATE OF r) AS x;
    EXIT WHEN v_found = v_wanted;
    PERFORM batch_make_runs(p_workspace, p_alive, p_agent, p_session, p_name);
  END LOOP;
  IF v_found <> v_wanted THEN RAISE EXCEPTION 'a run could not be opened'; END IF;
  IF v_found < cardinality(p_agent) THEN
    SELECT array_agg(r.id ORDER BY w.place), array_agg(r.session_id ORDER BY w.place) INTO ids, sessions
    FROM unnest(p_agent, p_session, p_name) WITH ORDINALITY AS w (agent, session, name, place)
    LEFT JOIN sessions s ON s.agent_id = w.agent AND s.external_id = w.session AND w.agent = ANY (p_alive)
    LEFT JOIN runs r ON r.session_id = s.id AND r.external_id = w.name;
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION batch_lock_runs FROM PUBLIC;
