-- Adds amounts to values in the quarters of an hour they belong to, and in their hours, days and weeks.
CREATE OR REPLACE FUNCTION spend_count_values(
  p_workspace uuid, p_dimension text[], p_starts bigint[], p_agent_id uuid[], p_value text[], p_events bigint[],
  p_errors bigint[], p_retries bigint[], p_failed_validations bigint[], p_human_reviews bigint[],
  p_model_calls bigint[], p_tool_calls bigint[], p_tokens_input text[], p_tokens_output text[],
  p_tokens_cache_read text[], p_tokens_cache_write text[], p_tokens_reasoning text[], p_cost_picos text[],
  p_priced bigint[], p_unpriced bigint[], p_priced_tokens text[], p_unpriced_tokens text[], p_both_priced bigint[],
  p_given_picos text[], p_computed_picos text[], p_retry_picos text[], p_failed_picos text[], p_error_picos text[],
  p_runs bigint[], p_succeeded bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO spend_values AS s (
    workspace_id, minutes, dimension, starts, agent_id, value, events, errors, retries, failed_validations,
    human_reviews, model_calls, tool_calls, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write,
    tokens_reasoning, cost_picos, priced, unpriced, priced_tokens, unpriced_tokens, both_priced, given_picos,
    computed_picos, retry_picos, failed_picos, error_picos, runs, succeeded)
  SELECT
    p_workspace, g.minutes, u.dimension, g.starts, u.agent_id, u.value, sum(u.events)::bigint, sum(u.errors)::bigint,
    sum(u.retries)::bigint, sum(u.failed_validations)::bigint, sum(u.human_reviews)::bigint,
    sum(u.model_calls)::bigint, sum(u.tool_calls)::bigint, sum(u.tokens_input::numeric),
    sum(u.tokens_output::numeric), sum(u.tokens_cache_read::numeric), sum(u.tokens_cache_write::numeric),
    sum(u.tokens_reasoning::numeric), sum(u.cost_picos::numeric), sum(u.priced)::bigint, sum(u.unpriced)::bigint,
    sum(u.priced_tokens::numeric), sum(u.unpriced_tokens::numeric), sum(u.both_priced)::bigint,
    sum(u.given_picos::numeric), sum(u.computed_picos::numeric), sum(u.retry_picos::numeric),
    sum(u.failed_picos::numeric), sum(u.error_picos::numeric), sum(u.runs)::bigint, sum(u.succeeded)::bigint
  FROM unnest(
      p_dimension, p_starts, p_agent_id, p_value, p_events, p_errors, p_retries, p_failed_validations,
      p_human_reviews, p_model_calls, p_tool_calls, p_tokens_input, p_tokens_output, p_tokens_cache_read,
      p_tokens_cache_write, p_tokens_reasoning, p_cost_picos, p_priced, p_unpriced, p_priced_tokens,
      p_unpriced_tokens, p_both_priced, p_given_picos, p_computed_picos, p_retry_picos, p_failed_picos,
      p_error_picos, p_runs, p_succeeded)
    AS u (
      dimension, starts, agent_id, value, events, errors, retries, failed_validations, human_reviews, model_calls,
      tool_calls, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, cost_picos,
      priced, unpriced, priced_tokens, unpriced_tokens, both_priced, given_picos, computed_picos, retry_picos,
      failed_picos, error_picos, runs, succeeded),
    LATERAL (
      SELECT n.minutes, date_bin(make_interval(mins => n.minutes), moment_of(u.starts), '2000-01-03 00:00+00')
      FROM (VALUES (15), (60), (1440), (10080)) AS n (minutes)) AS g (minutes, starts)
  GROUP BY g.minutes, u.dimension, g.starts, u.agent_id, u.value
  ON CONFLICT (workspace_id, minutes, dimension, starts, agent_id, value) DO UPDATE SET
    events = s.events + excluded.events,
    errors = s.errors + excluded.errors,
    retries = s.retries + excluded.retries,
    failed_validations = s.failed_validations + excluded.failed_validations,
    human_reviews = s.human_reviews + excluded.human_reviews,
    model_calls = s.model_calls + excluded.model_calls,
    tool_calls = s.tool_calls + excluded.tool_calls,
    tokens_input = s.tokens_input + excluded.tokens_input,
    tokens_output = s.tokens_output + excluded.tokens_output,
    tokens_cache_read = s.tokens_cache_read + excluded.tokens_cache_read,
    tokens_cache_write = s.tokens_cache_write + excluded.tokens_cache_write,
    tokens_reasoning = s.tokens_reasoning + excluded.tokens_reasoning,
    cost_picos = s.cost_picos + excluded.cost_picos,
    priced = s.priced + excluded.priced,
    unpriced = s.unpriced + excluded.unpriced,
    priced_tokens = s.priced_tokens + excluded.priced_tokens,
    unpriced_tokens = s.unpriced_tokens + excluded.unpriced_tokens,
    both_priced = s.both_priced + excluded.both_priced,
    given_picos = s.given_picos + excluded.given_picos,
    computed_picos = s.computed_picos + excluded.computed_picos,
    retry_picos = s.retry_picos + excluded.retry_picos,
    failed_picos = s.failed_picos + excluded.failed_picos,
    error_picos = s.error_picos + excluded.error_picos,
    runs = s.runs + excluded.runs,
    succeeded = s.succeeded + excluded.succeeded
$$;

REVOKE ALL ON FUNCTION spend_count_values FROM PUBLIC;
GRANT EXECUTE ON FUNCTION spend_count_values TO interlock_app;
