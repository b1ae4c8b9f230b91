-- The first statement of an outcome's report: locks the agent's day, the run and the execution in the order of a batch,
-- and returns what stands of the call. Returns no row for a call that this agent did not make.
CREATE OR REPLACE FUNCTION outcome_open(p_workspace uuid, p_agent uuid, p_decision uuid)
RETURNS TABLE (moment text, iso text, handle text, run_id uuid, tool text, action text, day text, standing json)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_metrics text[] := ARRAY['cost_micros', 'tokens'];
  v_decision record;
  v_execution executions;
  v_run runs;
  v_now timestamptz;
BEGIN
  PERFORM set_config('interlock.workspace_id', p_workspace::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(p_workspace));
  SELECT d.run_id, d.verdict, d.tool, d.action_digest, a.handle INTO v_decision
    FROM decisions d JOIN agents a ON a.id = d.agent_id
    WHERE d.id = p_decision AND d.agent_id = p_agent AND d.workspace_id = p_workspace;
  IF NOT FOUND THEN RETURN; END IF;

  SELECT * INTO v_execution FROM executions e WHERE e.decision_id = p_decision;
  IF EXISTS (SELECT FROM budgets b WHERE b.scope_id = p_agent AND b.metric = ANY (v_metrics)
      AND b.period = v_execution.day) THEN
    PERFORM pg_advisory_xact_lock(agent_lock_key(p_agent));
  END IF;
  SELECT * INTO v_run FROM runs r WHERE r.id = v_decision.run_id FOR UPDATE;
  SELECT * INTO v_execution FROM executions e WHERE e.decision_id = p_decision FOR UPDATE;
  v_now := clock_timestamp();
  moment := v_now::text; iso := iso_utc(v_now); handle := v_decision.handle; run_id := v_run.id;
  tool := v_decision.tool; action := v_decision.action_digest; day := v_execution.day;
  standing := json_build_object('verdict', v_decision.verdict, 'execution', v_execution.state,
    'known', (SELECT json_build_object('claimed', o.claimed, 'resultHash', o.result_hash) FROM outcomes o
      WHERE o.decision_id = p_decision),
    'cost', json_build_object('reserved', coalesce(v_execution.reserved_micros, 0),
      'assumed', coalesce(v_execution.assumed_micros, 0), 'settled', v_execution.settled_micros,
      'named', v_execution.named_micros),
    'tokens', json_build_object('reserved', coalesce(v_execution.reserved_tokens, 0),
      'assumed', coalesce(v_execution.assumed_tokens, 0), 'settled', v_execution.settled_tokens,
      'named', v_execution.named_tokens),
    'run', json_build_object('state', v_run.state, 'costMicros', v_run.cost_micros, 'failures', v_run.failures,
      'sameCalls', v_run.same_calls, 'lastResult', v_run.last_result),
    'budgets', (SELECT coalesce(json_agg(json_build_object('scope', b.scope, 'metric', b.metric,
        'limit', b.limit_amount, 'used', b.used, 'reserved', b.reserved, 'overrun', b.overrun)), '[]')
      FROM (SELECT x.* FROM (VALUES (v_run.id, ''), (p_agent, v_execution.day)) AS k (scope, period)
        CROSS JOIN unnest(v_metrics) AS m (metric)
        JOIN budgets x ON x.scope_id = k.scope AND x.metric = m.metric AND x.period = k.period
        ORDER BY x.scope_id, x.metric, x.period FOR UPDATE OF x) AS b));
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION outcome_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outcome_open TO interlock_app;
