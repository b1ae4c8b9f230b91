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
  p_allowed_dependency text[],
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
    assumed_micros, assumed_tokens, state, created_at, day, dependency)
  SELECT u.id, p_workspace, u.approval, u.action, u.micros, u.tokens, u.micros_assumed, u.tokens_assumed, 'granted',
    p_moment, p_today, u.dependency
  FROM unnest(p_allowed_id, p_allowed_approval, p_allowed_action, p_allowed_micros, p_allowed_tokens,
      p_allowed_micros_assumed, p_allowed_tokens_assumed, p_allowed_dependency)
    AS u (id, approval, action, micros, tokens, micros_assumed, tokens_assumed, dependency);
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
  SELECT u.id, p_workspace, u.kind, u.body, p_moment
  FROM unnest(p_entry_id, p_entry_kind, p_entry_body) AS u (id, kind, body);
  INSERT INTO outbox (id, workspace_id, topic, payload, xid, created_at)
  SELECT u.id, p_workspace, u.topic, u.payload, pg_current_xact_id(), p_moment
  FROM unnest(p_event_id, p_event_topic, p_event_payload) AS u (id, topic, payload);
END $$;

REVOKE ALL ON FUNCTION batch_write FROM PUBLIC;
GRANT EXECUTE ON FUNCTION batch_write TO interlock_app;
