-- Writes events that `events_open` did not find, in its transaction. Times are in microseconds since 1970, and
-- nanoseconds where a name ends in `_ns`.
CREATE OR REPLACE FUNCTION events_write(
  p_workspace uuid,
  p_kept bigint[], p_trace bytea[], p_event bytea[], p_parent bytea[], p_agent uuid[], p_credential uuid[],
  p_received bigint[], p_started bigint[], p_start_ns bigint[], p_end_ns bigint[], p_source text[], p_dialect text[],
  p_producer text[], p_name text[], p_kind text[], p_usage_role text[], p_in_window boolean[], p_claims_other boolean[],
  p_agent_version text[], p_session text[], p_run text[], p_step integer[], p_claimed_decision text[],
  p_provider text[], p_model text[], p_tokens_input bigint[], p_tokens_output bigint[], p_tokens_cache_read bigint[],
  p_tokens_cache_write bigint[], p_tokens_reasoning bigint[], p_cost_picos bigint[],
  p_computed_picos bigint[], p_cost_status text[],
  p_price_ref text[], p_tool text[], p_call_id text[], p_args_digest bytea[], p_outcome text[], p_error_type text[],
  p_customer text[], p_digest bytea[], p_detail jsonb[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
  INSERT INTO events (
    workspace_id, kept_at, trace_id, event_id, parent_event_id, agent_id, credential_id, received_at, started_at,
    start_ns, end_ns, source, dialect, producer, name, kind, usage_role, in_window, claims_other, agent_version,
    session, run, step, claimed_decision, provider, model, tokens_input, tokens_output, tokens_cache_read,
    tokens_cache_write, tokens_reasoning, cost_picos, computed_picos, cost_status, price_ref, tool, call_id,
    args_digest, outcome, error_type, customer, digest, detail)
  SELECT p_workspace, moment_of(u.kept), u.trace, u.event, u.parent, u.agent, u.credential, moment_of(u.received),
    moment_of(u.started), u.start_ns, u.end_ns, u.source, u.dialect, u.producer, u.name, u.kind, u.usage_role,
    u.in_window, u.claims_other, u.agent_version, u.session, u.run, u.step, u.claimed_decision, u.provider, u.model,
    u.tokens_input, u.tokens_output, u.tokens_cache_read, u.tokens_cache_write, u.tokens_reasoning, u.cost_picos,
    u.computed_picos, u.cost_status, u.price_ref, u.tool, u.call_id, u.args_digest, u.outcome, u.error_type,
    u.customer, u.digest, u.detail
  FROM unnest(p_kept, p_trace, p_event, p_parent, p_agent, p_credential, p_received, p_started, p_start_ns, p_end_ns,
      p_source, p_dialect, p_producer, p_name, p_kind, p_usage_role, p_in_window, p_claims_other, p_agent_version,
      p_session, p_run, p_step, p_claimed_decision, p_provider, p_model, p_tokens_input, p_tokens_output,
      p_tokens_cache_read, p_tokens_cache_write, p_tokens_reasoning, p_cost_picos, p_computed_picos, p_cost_status,
      p_price_ref, p_tool, p_call_id, p_args_digest, p_outcome, p_error_type, p_customer, p_digest, p_detail)
    AS u (kept, trace, event, parent, agent, credential, received, started, start_ns, end_ns, source, dialect,
      producer, name, kind, usage_role, in_window, claims_other, agent_version, session, run, step, claimed_decision,
      provider, model, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning,
      cost_picos, computed_picos, cost_status, price_ref, tool, call_id, args_digest, outcome, error_type, customer,
      digest, detail)
$$;

REVOKE ALL ON FUNCTION events_write FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_write TO interlock_app;
