-- A call that does not say what it may spend holds a part of what is left, and what is reported late is counted.

-- What a call counts for. `assumed` if nobody ever says what it spent; `settled` since it was settled, null while what is
-- reserved is held; `named` is the most that was reported.
ALTER TABLE executions
  ADD COLUMN assumed_micros bigint NOT NULL DEFAULT 0,
  ADD COLUMN assumed_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN settled_micros bigint CHECK (settled_micros >= 0),
  ADD COLUMN settled_tokens bigint CHECK (settled_tokens >= 0),
  ADD COLUMN named_micros bigint,
  ADD COLUMN named_tokens bigint;
-- Until now a call held what it said itself and settled at that.
UPDATE executions SET assumed_micros = reserved_micros, assumed_tokens = reserved_tokens;
UPDATE executions e
  SET settled_micros = coalesce(o.cost_micros, e.reserved_micros), named_micros = o.cost_micros,
    settled_tokens = coalesce(o.tokens, e.reserved_tokens), named_tokens = o.tokens
  FROM outcomes o WHERE o.decision_id = e.decision_id;

-- What a call cost more than its outcome said: reports that came after it. A value is null where the report did not
-- raise it; `…_before` is what had been named until then.
CREATE TABLE late_costs (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  decision_id uuid NOT NULL,
  cost_before bigint,
  cost_micros bigint CHECK (cost_micros > coalesce(cost_before, -1)),
  tokens_before bigint,
  tokens bigint CHECK (tokens > coalesce(tokens_before, -1)),
  created_at timestamptz NOT NULL
);
CREATE INDEX late_costs_workspace ON late_costs (workspace_id, id);
ALTER TABLE late_costs ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace ON late_costs TO interlock_app
  USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace());
GRANT SELECT ON late_costs TO interlock_app;

-- What calls spent is one more size of which the usual is known.
ALTER TABLE tool_sizes DROP CONSTRAINT tool_sizes_metric_check;
ALTER TABLE tool_sizes ADD CONSTRAINT tool_sizes_metric_check CHECK (metric IN ('rows','amount','cost_micros','tokens'));
ALTER TABLE usage_marks ADD COLUMN late_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';

-- These take more than before.
DROP FUNCTION batch_write;
DROP FUNCTION outcome_write;

-- Functions: written by `npm run db:functions` from prisma/sql. Change the files there.

SET LOCAL check_function_bodies = off;

-- The second statement of a batch: writes what was judged, as sets, in the transaction that `batch_open` began. What
-- only some calls leave behind (approvals, halts, pauses, trials) comes as rows in `p_rare`.
CREATE OR REPLACE FUNCTION batch_write(
  p_workspace uuid, p_moment timestamptz, p_today text,
  p_id uuid[], p_agent uuid[], p_credential uuid[], p_session uuid[], p_run uuid[], p_call_id text[], p_step integer[],
  p_tool text[], p_tool_hash text[], p_action text[], p_call jsonb[], p_salt bytea[], p_verdict text[], p_rule text[],
  p_reasons jsonb[], p_checks jsonb[], p_risk jsonb[], p_facts jsonb[], p_manifest_version integer[],
  p_manifest_hash text[], p_guardrail_version integer[], p_guardrail_hash text[], p_approval uuid[],
  p_reserved bigint[], p_remaining jsonb[], p_receipt text[],
  p_entry_id uuid[], p_entry_kind text[], p_entry_body text[],
  p_event_id uuid[], p_event_topic text[], p_event_payload jsonb[],
  p_allowed_id uuid[], p_allowed_approval uuid[], p_allowed_action text[], p_allowed_micros bigint[],
  p_allowed_tokens bigint[], p_allowed_micros_assumed bigint[], p_allowed_tokens_assumed bigint[],
  p_run_id uuid[], p_run_state text[], p_run_halted text[], p_run_steps integer[], p_run_allowed integer[],
  p_run_asked integer[], p_run_refused integer[], p_run_cost bigint[], p_run_action text[], p_run_same integer[],
  p_run_reach jsonb[],
  p_budget_run uuid[], p_budget_limit bigint[], p_budget_used bigint[], p_budget_held bigint[],
  p_day_agent uuid[], p_day_metric text[], p_day_limit bigint[], p_day_held bigint[],
  p_tally_scope uuid[], p_tally_key text[], p_tally_span integer[], p_tally_n bigint[],
  p_rare jsonb
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE runs r
  SET state = u.state, halted_reason = u.halted, steps = u.steps, allowed = u.allowed, asked = u.asked,
    refused = u.refused, cost_micros = u.cost, last_at = p_moment, last_action = u.action, same_calls = u.same,
    reach = u.reach
  FROM unnest(p_run_id, p_run_state, p_run_halted, p_run_steps, p_run_allowed, p_run_asked, p_run_refused, p_run_cost,
      p_run_action, p_run_same, p_run_reach)
    AS u (id, state, halted, steps, allowed, asked, refused, cost, action, same, reach)
  WHERE r.id = u.id;
  IF cardinality(p_budget_run) + cardinality(p_day_agent) + cardinality(p_tally_scope) > 0 THEN
    PERFORM batch_write_counts(p_workspace, p_moment, p_today, p_budget_run, p_budget_limit, p_budget_used,
      p_budget_held, p_day_agent, p_day_metric, p_day_limit, p_day_held, p_tally_scope, p_tally_key, p_tally_span,
      p_tally_n);
  END IF;
  IF p_rare IS NOT NULL THEN PERFORM batch_write_rare(p_workspace, p_moment, p_rare); END IF;

  INSERT INTO decisions (id, workspace_id, agent_id, credential_id, session_id, run_id, call_id, step, tool, tool_hash,
    action_digest, call, salt, verdict, rule, reasons, checks, risk, facts, manifest_version, manifest_hash,
    guardrail_version, guardrail_hash, approval_id, reserved_micros, remaining, receipt, created_at)
  SELECT u.id, p_workspace, u.agent, u.credential, u.session, u.run, u.call_id, u.step, u.tool, u.tool_hash, u.action,
    u.call, u.salt, u.verdict, u.rule, u.reasons, u.checks, u.risk, u.facts, u.mv, u.mh, u.gv, u.gh, u.approval,
    u.reserved, u.remaining, u.receipt, p_moment
  FROM unnest(p_id, p_agent, p_credential, p_session, p_run, p_call_id, p_step, p_tool, p_tool_hash, p_action, p_call,
      p_salt, p_verdict, p_rule, p_reasons, p_checks, p_risk, p_facts, p_manifest_version, p_manifest_hash,
      p_guardrail_version, p_guardrail_hash, p_approval, p_reserved, p_remaining, p_receipt)
    AS u (id, agent, credential, session, run, call_id, step, tool, tool_hash, action, call, salt, verdict, rule,
      reasons, checks, risk, facts, mv, mh, gv, gh, approval, reserved, remaining, receipt);
  INSERT INTO executions (decision_id, workspace_id, approval_id, action_digest, reserved_micros, reserved_tokens,
    assumed_micros, assumed_tokens, state, created_at, day)
  SELECT u.id, p_workspace, u.approval, u.action, u.micros, u.tokens, u.micros_assumed, u.tokens_assumed, 'granted',
    p_moment, p_today
  FROM unnest(p_allowed_id, p_allowed_approval, p_allowed_action, p_allowed_micros, p_allowed_tokens,
      p_allowed_micros_assumed, p_allowed_tokens_assumed)
    AS u (id, approval, action, micros, tokens, micros_assumed, tokens_assumed);
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
  SELECT u.id, p_workspace, u.kind, u.body, p_moment
  FROM unnest(p_entry_id, p_entry_kind, p_entry_body) AS u (id, kind, body);
  INSERT INTO outbox (id, workspace_id, topic, payload, xid, created_at)
  SELECT u.id, p_workspace, u.topic, u.payload, pg_current_xact_id(), p_moment
  FROM unnest(p_event_id, p_event_topic, p_event_payload) AS u (id, topic, payload);
END $$;

REVOKE ALL ON FUNCTION batch_write FROM PUBLIC;
GRANT EXECUTE ON FUNCTION batch_write TO interlock_app;

-- What an agent has used or holds of a day's budget. The budget is made when it is first needed, from what the day has
-- cost so far, so that a limit published at noon counts the morning. The caller holds the agent's lock.
CREATE OR REPLACE FUNCTION day_budget(p_workspace uuid, p_agent uuid, p_today text, p_metric text, p_limit bigint)
RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_total bigint;
  v_settled bigint;
  v_held bigint;
BEGIN
  SELECT b.used + b.reserved + b.overrun INTO v_total
  FROM budgets b WHERE b.scope_id = p_agent AND b.metric = p_metric AND b.period = p_today;
  IF v_total IS NOT NULL THEN RETURN v_total; END IF;

  SELECT coalesce(sum(x.settled), 0), coalesce(sum(x.reserved) FILTER (WHERE x.settled IS NULL), 0)
  INTO v_settled, v_held
  FROM (
    SELECT CASE p_metric WHEN 'tokens' THEN e.settled_tokens ELSE e.settled_micros END AS settled,
      CASE p_metric WHEN 'tokens' THEN e.reserved_tokens ELSE e.reserved_micros END AS reserved
    FROM decisions d JOIN executions e ON e.decision_id = d.id
    WHERE d.agent_id = p_agent AND d.verdict = 'allow'
      AND d.id >= uuid_at(p_today::timestamp AT TIME ZONE 'UTC')) AS x;
  INSERT INTO budgets (workspace_id, scope, scope_id, metric, period, limit_amount, used, reserved)
  VALUES (p_workspace, 'agent', p_agent, p_metric, p_today, greatest(p_limit, v_settled + v_held), v_settled, v_held)
  ON CONFLICT DO NOTHING;
  RETURN v_settled + v_held;
END $$;

REVOKE ALL ON FUNCTION day_budget FROM PUBLIC;

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
BEGIN
  IF p_report IS NOT NULL THEN
    INSERT INTO outcomes (id, workspace_id, decision_id, run_id, outcome, claimed, faults, result_hash, cost_micros,
      tokens, latency_ms, created_at)
    SELECT r.id, p_workspace, p_decision, p_run, r.outcome, r.claimed, r.faults, r.result_hash, r.cost_micros,
      r.tokens, r.latency_ms, p_moment
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
    WHERE e.decision_id = p_decision;
  UPDATE budgets b SET used = u.used, reserved = u.reserved, overrun = b.overrun + u.overrun
    FROM jsonb_to_recordset(p_change -> 'budgets')
      AS u (scope text, metric text, used bigint, reserved bigint, overrun bigint)
    WHERE b.metric = u.metric AND b.scope_id = CASE u.scope WHEN 'run' THEN p_run ELSE p_agent END
      AND b.period = CASE u.scope WHEN 'run' THEN '' ELSE p_day END;
  UPDATE runs r SET cost_micros = (v_run ->> 'costMicros')::bigint, failures = (v_run ->> 'failures')::integer,
      same_calls = (v_run ->> 'sameCalls')::integer, last_result = v_run ->> 'lastResult',
      state = CASE WHEN p_change -> 'halt' = 'null' THEN r.state ELSE 'halted' END,
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
  ELSIF p_change ->> 'result' = 'success' THEN
    DELETE FROM tallies t WHERE t.scope_id = p_run AND t.key = p_action AND t.bucket = 0;
    DELETE FROM breakers b WHERE b.agent_id = p_agent AND b.tool = p_tool;
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

-- What 95 of 100 calls of an agent's tool spent at most in the last 30 days, from the histogram of what was reported: a
-- value that occurred. Null of a metric that fewer than 20 calls named.
CREATE OR REPLACE FUNCTION usual_spend(p_workspace uuid, p_agent uuid, p_tool text)
RETURNS TABLE (cost_micros double precision, tokens double precision)
LANGUAGE sql STABLE AS $$
  SELECT min(most) FILTER (WHERE metric = 'cost_micros'), min(most) FILTER (WHERE metric = 'tokens')
  FROM (
    SELECT s.metric, max(s.most) AS most, sum(sum(s.calls)) OVER (PARTITION BY s.metric ORDER BY s.bucket) AS upto,
      sum(sum(s.calls)) OVER (PARTITION BY s.metric) AS total
    FROM tool_sizes s
    WHERE s.workspace_id = p_workspace AND s.agent_id = p_agent AND s.tool = p_tool
      AND s.metric IN ('cost_micros', 'tokens')
      AND s.day >= ((clock_timestamp() AT TIME ZONE 'UTC') - interval '30 days')::date
    GROUP BY s.metric, s.bucket) AS ranked
  WHERE total >= 20 AND upto >= 0.95 * total
$$;
