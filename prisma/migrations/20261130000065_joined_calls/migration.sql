-- Where in its own telemetry an agent stood when it asked, as the W3C header `traceparent` said. A claim: it explains and
-- joins, and decides nothing.
ALTER TABLE decisions
  ADD COLUMN trace_id bytea CHECK (length(trace_id) = 16),
  ADD COLUMN parent_span_id bytea CHECK (length(parent_span_id) = 8),
  ADD CONSTRAINT decisions_trace CHECK ((trace_id IS NULL) = (parent_span_id IS NULL));
-- Only decisions that name a trace pay for it.
CREATE INDEX decisions_trace_id ON decisions (workspace_id, trace_id) WHERE trace_id IS NOT NULL;
ALTER TABLE executed_calls ADD COLUMN parent_event_id bytea CHECK (length(parent_event_id) = 8);
-- The decision that the call says or shows it was, and whose arguments are others. Such a call met no decision.
ALTER TABLE executed_calls
  ADD COLUMN differs_from uuid,
  ADD CONSTRAINT executed_calls_differs CHECK (differs_from IS NULL OR (decision_id IS NULL AND joined_at IS NOT NULL));
CREATE INDEX executed_calls_differs_from ON executed_calls (workspace_id, differs_from) WHERE differs_from IS NOT NULL;
GRANT UPDATE (differs_from) ON executed_calls TO interlock_app;
-- What the call did by its agent's report, held against the dry run that was allowed; null where nothing was said of it.
ALTER TABLE outcomes ADD COLUMN effect jsonb;

-- Ranges of stored calls that are priced again, how far each got and what it came to. One at a time in a workspace. The new
-- prices are in `event_costs`.
CREATE TABLE repricings (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The last event that was looked at, in the order of ids.
  after_trace bytea,
  after_event bytea,
  looked_at bigint NOT NULL DEFAULT 0,
  repriced bigint NOT NULL DEFAULT 0,
  newly_priced bigint NOT NULL DEFAULT 0,
  -- What the repriced calls counted for before and count for now, in trillionths of a US dollar.
  before_picos numeric NOT NULL DEFAULT 0,
  after_picos numeric NOT NULL DEFAULT 0,
  scanned_at timestamptz,
  finished_at timestamptz,
  CHECK (from_at < to_at),
  CHECK (finished_at IS NULL OR scanned_at IS NOT NULL)
);
CREATE UNIQUE INDEX repricings_open ON repricings (workspace_id) WHERE finished_at IS NULL;
CREATE INDEX repricings_workspace ON repricings (workspace_id, id DESC);
ALTER TABLE repricings ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace ON repricings TO interlock_app
  USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace());
GRANT SELECT, INSERT ON repricings TO interlock_app;
GRANT UPDATE (after_trace, after_event, looked_at, repriced, newly_priced, before_picos, after_picos, scanned_at,
  finished_at) ON repricings TO interlock_app;

DROP FUNCTION batch_write;

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
  p_reserved bigint[], p_remaining jsonb[], p_receipt text[], p_trace bytea[], p_parent_span bytea[],
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
    guardrail_version, guardrail_hash, approval_id, reserved_micros, remaining, receipt, trace_id, parent_span_id,
    created_at)
  SELECT u.id, p_workspace, u.agent, u.credential, u.session, u.run, u.call_id, u.step, u.tool, u.tool_hash, u.action,
    u.call, u.salt, u.verdict, u.rule, u.reasons, u.checks, u.risk, u.facts, u.mv, u.mh, u.gv, u.gh, u.approval,
    u.reserved, u.remaining, u.receipt, u.trace, u.parent_span, p_moment
  FROM unnest(p_id, p_agent, p_credential, p_session, p_run, p_call_id, p_step, p_tool, p_tool_hash, p_action, p_call,
      p_salt, p_verdict, p_rule, p_reasons, p_checks, p_risk, p_facts, p_manifest_version, p_manifest_hash,
      p_guardrail_version, p_guardrail_hash, p_approval, p_reserved, p_remaining, p_receipt,
      p_trace, p_parent_span)
    AS u (id, agent, credential, session, run, call_id, step, tool, tool_hash, action, call, salt, verdict, rule,
      reasons, checks, risk, facts, mv, mh, gv, gh, approval, reserved, remaining, receipt, trace,
      parent_span);
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

-- Adds what the events of one write come to to their traces. The first agent that is heard of in a trace stays its
-- agent.
CREATE OR REPLACE FUNCTION events_count_traces(
  p_workspace uuid, p_trace bytea[], p_agent uuid[], p_run text[], p_session text[], p_name text[], p_first bigint[],
  p_last bigint[], p_kept_from bigint[], p_kept_to bigint[], p_received bigint[], p_events bigint[], p_errors bigint[],
  p_model_calls bigint[], p_tool_calls bigint[], p_tokens_input text[], p_tokens_output text[], p_cost_picos text[],
  p_unpriced bigint[], p_root_ended bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO traces AS t (
    workspace_id, trace_id, agent_id, run, session, name, first_at, last_at, kept_from, kept_to, received_at, events,
    errors, model_calls, tool_calls, tokens_input, tokens_output, cost_picos, unpriced, ended_at, ended_reason)
  SELECT p_workspace, u.trace, u.agent, u.run, u.session, u.name, moment_of(u.first), moment_of(u.last),
    moment_of(u.kept_from), moment_of(u.kept_to), moment_of(u.received), u.events, u.errors, u.model_calls,
    u.tool_calls, u.input::numeric, u.output::numeric, u.cost::numeric, u.unpriced,
    moment_of(u.root_ended), CASE WHEN u.root_ended IS NOT NULL THEN 'root_ended' END
  FROM unnest(p_trace, p_agent, p_run, p_session, p_name, p_first, p_last, p_kept_from, p_kept_to, p_received,
      p_events, p_errors, p_model_calls, p_tool_calls, p_tokens_input, p_tokens_output, p_cost_picos, p_unpriced,
      p_root_ended)
    AS u (trace, agent, run, session, name, first, last, kept_from, kept_to, received, events, errors, model_calls,
      tool_calls, input, output, cost, unpriced, root_ended)
  ON CONFLICT (workspace_id, trace_id) DO UPDATE SET
    run = coalesce(t.run, excluded.run),
    session = coalesce(t.session, excluded.session),
    name = coalesce(t.name, excluded.name),
    first_at = least(t.first_at, excluded.first_at),
    last_at = greatest(t.last_at, excluded.last_at),
    kept_from = least(t.kept_from, excluded.kept_from),
    kept_to = greatest(t.kept_to, excluded.kept_to),
    received_at = greatest(t.received_at, excluded.received_at),
    events = t.events + excluded.events,
    errors = t.errors + excluded.errors,
    model_calls = t.model_calls + excluded.model_calls,
    tool_calls = t.tool_calls + excluded.tool_calls,
    tokens_input = t.tokens_input + excluded.tokens_input,
    tokens_output = t.tokens_output + excluded.tokens_output,
    cost_picos = t.cost_picos + excluded.cost_picos,
    unpriced = t.unpriced + excluded.unpriced,
    -- A trace that was taken for over because it was quiet, and is heard of again, is not over. Of several roots the
    -- last one to end counts, in whatever order they arrive.
    ended_at = CASE WHEN t.ended_reason = 'root_ended' THEN greatest(t.ended_at, excluded.ended_at)
      ELSE excluded.ended_at END,
    ended_reason = CASE WHEN t.ended_reason = 'root_ended' THEN t.ended_reason ELSE excluded.ended_reason END
$$;

REVOKE ALL ON FUNCTION events_count_traces FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_count_traces TO interlock_app;

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

-- Moves what traces cost by what new prices of their events change.
CREATE OR REPLACE FUNCTION trace_costs_move(
  p_workspace uuid, p_trace bytea[], p_picos text[], p_unpriced bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE traces t SET cost_picos = t.cost_picos + m.picos, unpriced = t.unpriced + m.unpriced
  FROM (
    SELECT u.trace, sum(u.picos::numeric) AS picos, sum(u.unpriced)::bigint AS unpriced
    FROM unnest(p_trace, p_picos, p_unpriced) AS u (trace, picos, unpriced) GROUP BY u.trace) AS m
  WHERE t.workspace_id = p_workspace AND t.trace_id = m.trace
$$;

REVOKE ALL ON FUNCTION trace_costs_move FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trace_costs_move TO interlock_app;
