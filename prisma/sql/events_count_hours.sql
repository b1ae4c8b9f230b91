-- Adds what the events of one write come to to the hours they began in, whether or not those are long over. Rows come
-- in the order of their keys, and counts of buckets as array literals.
CREATE OR REPLACE FUNCTION events_count_hours(
  p_workspace uuid, p_hour bigint[], p_agent uuid[], p_agent_version text[], p_kind text[], p_provider text[],
  p_model text[], p_tool text[], p_in_window boolean[], p_events bigint[], p_errors bigint[], p_successes bigint[],
  p_retries bigint[], p_failed_validations bigint[], p_human_reviews bigint[], p_tokens_input text[],
  p_tokens_output text[], p_tokens_cache_read text[], p_tokens_cache_write text[], p_tokens_reasoning text[],
  p_cost_picos text[], p_priced bigint[], p_unpriced bigint[], p_priced_tokens text[], p_unpriced_tokens text[],
  p_latencies text[], p_costs text[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO agent_hours AS h (
    workspace_id, hour, agent_id, agent_version, kind, provider, model, tool, in_window, events, errors, successes,
    retries, failed_validations, human_reviews, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write,
    tokens_reasoning, cost_picos, priced, unpriced, priced_tokens, unpriced_tokens, latencies, costs)
  SELECT p_workspace, moment_of(u.hour), u.agent, u.agent_version, u.kind, u.provider, u.model, u.tool, u.in_window,
    u.events, u.errors, u.successes, u.retries, u.failed, u.reviews, u.input::numeric, u.output::numeric,
    u.cache_read::numeric, u.cache_write::numeric, u.reasoning::numeric, u.cost::numeric, u.priced, u.unpriced,
    u.priced_tokens::numeric, u.unpriced_tokens::numeric, u.latencies::bigint[], u.costs::bigint[]
  FROM unnest(p_hour, p_agent, p_agent_version, p_kind, p_provider, p_model, p_tool, p_in_window, p_events, p_errors,
      p_successes, p_retries, p_failed_validations, p_human_reviews, p_tokens_input, p_tokens_output,
      p_tokens_cache_read, p_tokens_cache_write, p_tokens_reasoning, p_cost_picos, p_priced, p_unpriced,
      p_priced_tokens, p_unpriced_tokens, p_latencies, p_costs)
    AS u (hour, agent, agent_version, kind, provider, model, tool, in_window, events, errors, successes, retries,
      failed, reviews, input, output, cache_read, cache_write, reasoning, cost, priced, unpriced, priced_tokens,
      unpriced_tokens, latencies, costs)
  ON CONFLICT (workspace_id, hour, agent_id, agent_version, kind, provider, model, tool, in_window) DO UPDATE SET
    events = h.events + excluded.events,
    errors = h.errors + excluded.errors,
    successes = h.successes + excluded.successes,
    retries = h.retries + excluded.retries,
    failed_validations = h.failed_validations + excluded.failed_validations,
    human_reviews = h.human_reviews + excluded.human_reviews,
    tokens_input = h.tokens_input + excluded.tokens_input,
    tokens_output = h.tokens_output + excluded.tokens_output,
    tokens_cache_read = h.tokens_cache_read + excluded.tokens_cache_read,
    tokens_cache_write = h.tokens_cache_write + excluded.tokens_cache_write,
    tokens_reasoning = h.tokens_reasoning + excluded.tokens_reasoning,
    cost_picos = h.cost_picos + excluded.cost_picos,
    priced = h.priced + excluded.priced,
    unpriced = h.unpriced + excluded.unpriced,
    priced_tokens = h.priced_tokens + excluded.priced_tokens,
    unpriced_tokens = h.unpriced_tokens + excluded.unpriced_tokens,
    latencies = add_counts(h.latencies, excluded.latencies),
    costs = add_counts(h.costs, excluded.costs)
$$;

REVOKE ALL ON FUNCTION events_count_hours FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_count_hours TO interlock_app;
