-- The second statement of settling a call: writes what it came to, in the transaction that `outcome_open` began.
-- `p_change` has the fields of what settling changes; `p_report` is the outcome and `p_late` what was named after it,
-- each null without one; `p_rare` is what a halt leaves behind, as a batch writes it.
CREATE OR REPLACE FUNCTION outcome_write(
  p_workspace uuid, p_moment timestamptz, p_agent uuid, p_run uuid, p_decision uuid, p_tool text,
  p_action text, p_day text,
  p_report jsonb, p_late jsonb, p_change jsonb, p_entry_id uuid[], p_entry_kind text[], p_entry_body text[],
  p_event_id uuid[], p_event_topic text[], p_event_payload jsonb[], p_rare jsonb)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_run jsonb := p_change -> 'run';
  v_dependency text;
BEGIN
  IF p_report IS NOT NULL THEN
    INSERT INTO outcomes (id, workspace_id, decision_id, run_id, outcome, claimed, faults, result_hash, cost_micros,
      tokens, latency_ms, effect, created_at)
    SELECT r.id, p_workspace, p_decision, p_run, r.outcome, r.claimed, r.faults, r.result_hash, r.cost_micros,
      r.tokens, r.latency_ms, r.effect, p_moment
    FROM jsonb_populate_record(NULL::outcomes, p_report) AS r;
  END IF;
  IF p_late IS NOT NULL THEN
    INSERT INTO late_costs (id, workspace_id, decision_id, cost_before, cost_micros, tokens_before, tokens, created_at)
    SELECT l.id, p_workspace, p_decision, l.cost_before, l.cost_micros, l.tokens_before, l.tokens, p_moment
    FROM jsonb_populate_record(NULL::late_costs, p_late) AS l;
  END IF;
  UPDATE executions e SET state = coalesce(p_change ->> 'execution', e.state),
      settled_micros = (p_change -> 'cost' ->> 'settled')::bigint,
      named_micros = (p_change -> 'cost' ->> 'named')::bigint,
      settled_tokens = (p_change -> 'tokens' ->> 'settled')::bigint,
      named_tokens = (p_change -> 'tokens' ->> 'named')::bigint
    WHERE e.decision_id = p_decision RETURNING e.dependency INTO v_dependency;
  UPDATE budgets b SET used = u.used, reserved = u.reserved, overrun = b.overrun + u.overrun
    FROM jsonb_to_recordset(p_change -> 'budgets')
      AS u (scope text, metric text, used bigint, reserved bigint, overrun bigint)
    WHERE b.metric = u.metric AND b.scope_id = CASE u.scope WHEN 'run' THEN p_run ELSE p_agent END
      AND b.period = CASE u.scope WHEN 'run' THEN '' ELSE p_day END;
  UPDATE runs r SET cost_micros = (v_run ->> 'costMicros')::bigint, failures = (v_run ->> 'failures')::integer,
      same_calls = (v_run ->> 'sameCalls')::integer, last_result = v_run ->> 'lastResult',
      state = CASE WHEN p_change -> 'halt' = 'null' THEN r.state ELSE 'halted' END,
      ended_at = CASE WHEN p_change -> 'halt' = 'null' THEN r.ended_at END,
      ended_reason = CASE WHEN p_change -> 'halt' = 'null' THEN r.ended_reason END,
      halted_reason = CASE WHEN p_change -> 'halt' = 'null' THEN r.halted_reason ELSE p_change -> 'halt' ->> 'rule' END
    WHERE r.id = p_run;
  IF p_change ->> 'result' = 'failure' THEN
    INSERT INTO tallies AS t (workspace_id, scope_id, key, bucket, n, updated_at)
      VALUES (p_workspace, p_run, p_action, 0, 1, p_moment)
      ON CONFLICT (scope_id, key, bucket) DO UPDATE SET n = t.n + 1, updated_at = excluded.updated_at;
    INSERT INTO breakers AS b (workspace_id, agent_id, tool, failures, failed_at)
      VALUES (p_workspace, p_agent, p_tool, 1, p_moment)
      ON CONFLICT (agent_id, tool)
        DO UPDATE SET failures = b.failures + 1, failed_at = excluded.failed_at, trial_at = NULL;
    -- Whoever's call it was: all that depend on the system share the count. Most tools depend on none.
    IF v_dependency IS NOT NULL THEN
      INSERT INTO dependency_breakers AS b (workspace_id, dependency, failures, agents, since, failed_at)
        VALUES (p_workspace, v_dependency, 1, ARRAY[p_agent], p_moment, p_moment)
        ON CONFLICT (workspace_id, dependency)
          DO UPDATE SET failures = b.failures + 1, failed_at = greatest(b.failed_at, excluded.failed_at),
            trial_at = NULL, agents = CASE WHEN p_agent = ANY (b.agents) OR cardinality(b.agents) >= 100 THEN b.agents
              ELSE b.agents || p_agent END;
    END IF;
  ELSIF p_change ->> 'result' = 'success' THEN
    DELETE FROM tallies t WHERE t.scope_id = p_run AND t.key = p_action AND t.bucket = 0;
    DELETE FROM breakers b WHERE b.agent_id = p_agent AND b.tool = p_tool;
    IF v_dependency IS NOT NULL THEN
      DELETE FROM dependency_breakers b WHERE b.workspace_id = p_workspace AND b.dependency = v_dependency;
    END IF;
  END IF;
  IF p_rare IS NOT NULL THEN PERFORM batch_write_rare(p_workspace, p_moment, p_rare); END IF;
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
    SELECT u.id, p_workspace, u.kind, u.body, p_moment
    FROM unnest(p_entry_id, p_entry_kind, p_entry_body) AS u (id, kind, body);
  INSERT INTO outbox (id, workspace_id, topic, payload, xid, created_at)
    SELECT u.id, p_workspace, u.topic, u.payload, pg_current_xact_id(), p_moment
    FROM unnest(p_event_id, p_event_topic, p_event_payload) AS u (id, topic, payload);
END $$;

REVOKE ALL ON FUNCTION outcome_write FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outcome_write TO interlock_app;
