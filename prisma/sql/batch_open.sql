-- The first statement of a batch of calls: takes the locks in their one order (workspace shared, agents, idempotency
-- keys, runs, approvals, breakers, dependencies) and returns everything stateful that judging needs, as sets. It weighs
-- nothing. Parallel arrays describe what the calls want. `p_run_…` lists each run once, sorted. `p_call_run` and
-- `p_tally_run` count its places from one, `p_key_caller` those of the callers. `p_run_seconds` is the wall clock from
-- which time spent waiting for people matters.
CREATE OR REPLACE FUNCTION batch_open(
  p_workspace uuid, p_epoch bigint,
  p_caller_agent uuid[], p_caller_epoch bigint[], p_caller_credential uuid[], p_locked_agent uuid[],
  p_key_caller integer[], p_key_agent uuid[], p_key_session text[], p_key_name text[], p_key_fingerprint text[],
  p_key_decision uuid[],
  p_run_agent uuid[], p_run_session text[], p_run_name text[], p_run_seconds integer[],
  p_call_run integer[], p_call_action text[], p_call_tool text[],
  p_tally_run integer[], p_tally_scope text[], p_tally_key text[], p_tally_span integer[],
  p_day_agent uuid[], p_day_cost bigint[], p_day_tokens bigint[],
  p_named uuid[], p_dependency text[], p_ask_agent uuid[], p_ask_action text[], p_ask_args text[]
) RETURNS TABLE (
  fresh boolean, moment text, iso text, seconds double precision, today text,
  callers json, keys json, runs json, failed json, tallies json, days json, breakers json,
  dependencies json, approvals json, asking json, refusals json
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_alive uuid[];
  v_goes_on boolean[];
  v_runs uuid[];
  v_sessions uuid[];
  v_has_failures boolean;
  v_now timestamptz;
BEGIN
  PERFORM set_config('interlock.workspace_id', p_workspace::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(p_workspace));
  SELECT c.epoch = p_epoch INTO fresh FROM workspace_controls c WHERE c.workspace_id = p_workspace;
  SELECT c.callers, c.alive, c.goes_on INTO callers, v_alive, v_goes_on
  FROM batch_read_callers(p_workspace, p_caller_agent, p_caller_epoch, p_caller_credential) AS c;
  IF fresh IS NOT TRUE OR v_alive IS NULL THEN
    RETURN NEXT;
    RETURN;
  END IF;

  IF cardinality(p_locked_agent) > 0 THEN
    PERFORM pg_advisory_xact_lock(agent_lock_key(x.agent))
    FROM (SELECT u AS agent FROM unnest(p_locked_agent) AS u ORDER BY u) AS x;
  END IF;
  IF cardinality(p_key_name) > 0 THEN
    keys := batch_claim_keys(p_workspace, v_goes_on, p_key_caller, p_key_agent, p_key_session, p_key_name,
      p_key_fingerprint, p_key_decision);
  END IF;
  SELECT r.runs, r.ids, r.sessions, r.has_failures INTO runs, v_runs, v_sessions, v_has_failures
  FROM batch_lock_runs(p_workspace, v_alive, p_run_agent, p_run_session, p_run_name, p_run_seconds) AS r;
  IF cardinality(p_named) + cardinality(p_ask_agent) > 0 THEN
    approvals := batch_lock_approvals(p_workspace, p_named, p_ask_agent, p_ask_action);
  END IF;
  breakers := batch_lock_breakers(v_alive, p_run_agent, p_call_run, p_call_tool);
  dependencies := CASE WHEN cardinality(p_dependency) > 0 THEN batch_lock_dependencies(p_workspace, p_dependency) END;

  v_now := clock_timestamp();
  moment := v_now::text; iso := iso_utc(v_now);
  today := utc_day(v_now);
  seconds := extract(epoch FROM v_now);
  IF v_has_failures THEN
    SELECT json_agg(json_build_object('place', u.place, 'n', t.n)) INTO failed
    FROM unnest(p_call_run, p_call_action) WITH ORDINALITY AS u (run, action, place)
    JOIN tallies t ON t.scope_id = v_runs[u.run] AND t.key = u.action AND t.bucket = 0;
  END IF;
  IF cardinality(p_tally_run) > 0 THEN
    tallies := batch_read_tallies(v_now, p_run_agent, v_sessions, v_runs, p_tally_run, p_tally_scope, p_tally_key,
      p_tally_span);
  END IF;
  IF cardinality(p_day_agent) > 0 THEN
    days := batch_read_days(p_workspace, today, v_now, p_day_agent, p_day_cost, p_day_tokens);
  END IF;
  IF cardinality(p_ask_agent) > 0 THEN
    SELECT a.asking, a.refusals INTO asking, refusals
    FROM batch_read_asking(p_workspace, v_now, p_ask_agent, p_ask_args) AS a;
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION batch_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION batch_open TO interlock_app;
