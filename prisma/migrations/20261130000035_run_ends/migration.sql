-- When a run ended, and why: nothing new came for as long as its workspace sets, or its telemetry closed it. A later call
-- opens it again.
ALTER TABLE runs ADD COLUMN ended_at timestamptz, ADD COLUMN ended_reason text CHECK (ended_reason IN ('idle', 'closed'));
ALTER TABLE runs ADD CONSTRAINT runs_ended CHECK ((state = 'ended') = (ended_at IS NOT NULL AND ended_reason IS NOT NULL));
-- Read by the job that ends runs: oldest first, and only those that have not ended.
CREATE INDEX runs_running ON runs (workspace_id, id) WHERE state = 'running';

CREATE OR REPLACE VIEW shown_runs AS
  SELECT id, workspace_id, agent_id, session_id, external_id, state, halted_reason, steps, allowed, asked, refused,
    cost_micros, started_at, last_at, ended_at, ended_reason
  FROM runs WHERE workspace_id = current_workspace()
  UNION ALL
  SELECT id, workspace_id, agent_id, session_id, external_id, 'running'::text, NULL::text, steps, allowed, asked, refused,
    cost_micros, started_at, last_at, NULL::timestamptz, NULL::text
  FROM stand_in_runs WHERE workspace_id = current_workspace();

-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
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
    reach = u.reach, ended_at = NULL, ended_reason = NULL
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
