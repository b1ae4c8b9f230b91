-- Records what became of an allowed call and settles what the call held, for its run and its agent's day. A run that
-- spent beyond its bound is halted. `p_item` has the fields of an outcome report.
-- Returns 'recorded', 'repeated' (the same report again), 'conflict', 'not_allowed' or 'not_found'.
CREATE OR REPLACE FUNCTION settle_outcome(p_workspace_id uuid, p_item jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  v_id uuid := (p_item ->> 'id')::uuid;
  v_outcome text := p_item ->> 'outcome';
  v_result text := v_outcome || ' ' || coalesce(p_item ->> 'result_hash', '');
  v_decision record; v_known outcomes; v_execution executions; v_run runs;
  v_cost_micros bigint; v_tokens bigint; v_failed boolean; v_now timestamptz;
BEGIN
  PERFORM set_config('interlock.workspace_id', p_workspace_id::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(p_workspace_id));
  SELECT d.id, d.run_id, d.verdict, d.agent_id, d.tool, d.action_digest INTO v_decision FROM decisions d
  WHERE d.id = (p_item ->> 'decision_id')::uuid AND d.agent_id = (p_item ->> 'agent_id')::uuid
    AND d.workspace_id = p_workspace_id;
  IF v_decision.id IS NULL THEN RETURN 'not_found'; END IF;
  IF v_decision.verdict <> 'allow' THEN RETURN 'not_allowed'; END IF;

  -- Locks in the order of the commit: agent, run, execution.
  SELECT * INTO v_execution FROM executions e WHERE e.decision_id = v_decision.id;
  IF EXISTS (SELECT FROM budgets b WHERE b.scope_id = v_decision.agent_id AND b.period = v_execution.day) THEN
    PERFORM pg_advisory_xact_lock(agent_lock_key(v_decision.agent_id));
  END IF;
  SELECT * INTO v_run FROM runs r WHERE r.id = v_decision.run_id FOR UPDATE;
  SELECT * INTO v_known FROM outcomes o WHERE o.decision_id = v_decision.id;
  IF v_known.id IS NOT NULL THEN
    RETURN CASE WHEN v_known.claimed = p_item ->> 'claimed'
      AND v_known.result_hash IS NOT DISTINCT FROM p_item ->> 'result_hash' THEN 'repeated' ELSE 'conflict' END;
  END IF;

  v_now := clock_timestamp();
  SELECT * INTO v_execution FROM executions e WHERE e.decision_id = v_decision.id FOR UPDATE;
  INSERT INTO outcomes (id, workspace_id, decision_id, run_id, outcome, claimed, faults, result_hash, cost_micros,
    tokens, latency_ms, created_at)
  VALUES (v_id, p_workspace_id, v_decision.id, v_decision.run_id, v_outcome, p_item ->> 'claimed', p_item -> 'faults',
    p_item ->> 'result_hash', (p_item ->> 'cost_micros')::bigint, (p_item ->> 'tokens')::bigint,
    (p_item ->> 'latency_ms')::integer, v_now);
  UPDATE executions e SET state = CASE v_outcome WHEN 'success' THEN 'succeeded' WHEN 'unknown' THEN 'unknown'
      WHEN 'failed_validation' THEN 'failed_validation' ELSE 'failed' END WHERE e.decision_id = v_decision.id;

  v_cost_micros := coalesce((p_item ->> 'cost_micros')::bigint, v_execution.reserved_micros);
  v_tokens := coalesce((p_item ->> 'tokens')::bigint, v_execution.reserved_tokens);
  IF settle_budget(v_run.id, 'cost_micros', '', v_execution.reserved_micros, v_cost_micros) > 0
    AND v_run.state = 'running'
  THEN
    v_run.state := 'halted';
    v_run.halted_reason := 'execution.max_cost_usd';
    PERFORM note_breach(p_workspace_id, v_run, v_decision.id, 'max_cost_usd',
      'The call cost more than the run had left. The run is halted.',
      coalesce((p_item ->> 'escalates')::boolean, true), v_now);
  END IF;
  PERFORM settle_budget(v_run.agent_id, 'cost_micros', v_execution.day, v_execution.reserved_micros, v_cost_micros);
  PERFORM settle_budget(v_run.agent_id, 'tokens', v_execution.day, v_execution.reserved_tokens, v_tokens);

  v_failed := note_result(p_workspace_id, v_run.agent_id, v_run.id, v_decision.tool, v_decision.action_digest,
    v_outcome, v_now);
  UPDATE runs r
  SET state = v_run.state, halted_reason = v_run.halted_reason, last_result = v_result,
    cost_micros = v_run.cost_micros - v_execution.reserved_micros + v_cost_micros,
    failures = v_run.failures + v_failed::integer,
    -- A result that differs from the last one ends a loop.
    same_calls = CASE WHEN v_run.last_result IS NULL OR v_run.last_result = v_result THEN v_run.same_calls ELSE 0 END
  WHERE r.id = v_run.id;

  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
  VALUES (v_id, p_workspace_id, 'outcome', canonical_json(jsonb_build_object('v', 1, 'kind', 'outcome', 'id', v_id,
    'workspace', p_workspace_id, 'at', iso_utc(v_now), 'decision', v_decision.id, 'outcome', v_outcome,
    'claimed', p_item ->> 'claimed', 'cost_micros', (p_item ->> 'cost_micros')::bigint,
    'result_hash', p_item ->> 'result_hash')), v_now);
  INSERT INTO outbox (id, workspace_id, topic, payload)
  VALUES (v_id, p_workspace_id, 'outcome.reported',
    jsonb_build_object('decision_id', v_decision.id, 'run_id', v_run.id, 'outcome', v_outcome));
  RETURN 'recorded';
END $$;

REVOKE ALL ON FUNCTION settle_outcome FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_outcome TO interlock_app;
