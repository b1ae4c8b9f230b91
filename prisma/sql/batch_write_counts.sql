-- Adds what the allowed calls of a batch hold and count: to each run's budget, to each agent's day, and to tallies. The
-- budgets' own constraint refuses more than the limit.
CREATE OR REPLACE FUNCTION batch_write_counts(
  p_workspace uuid, p_moment timestamptz, p_today text,
  p_run uuid[], p_run_limit bigint[], p_run_used bigint[], p_run_held bigint[],
  p_day_agent uuid[], p_day_metric text[], p_day_limit bigint[], p_day_held bigint[],
  p_tally_scope uuid[], p_tally_key text[], p_tally_span integer[], p_tally_n bigint[]
) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO budgets AS b (workspace_id, scope, scope_id, metric, limit_amount, used, reserved)
  SELECT p_workspace, 'run', u.run, 'cost_micros', u.most, u.used, u.held
  FROM unnest(p_run, p_run_limit, p_run_used, p_run_held) AS u (run, most, used, held) ORDER BY u.run
  ON CONFLICT (scope_id, metric, period)
    DO UPDATE SET reserved = b.reserved + excluded.reserved, limit_amount = excluded.limit_amount;
  UPDATE budgets b
  SET reserved = b.reserved + u.held, limit_amount = greatest(u.most, b.used + b.reserved + u.held)
  FROM unnest(p_day_agent, p_day_metric, p_day_limit, p_day_held) AS u (agent, metric, most, held)
  WHERE b.scope_id = u.agent AND b.metric = u.metric AND b.period = p_today;
  INSERT INTO tallies AS t (workspace_id, scope_id, key, bucket, n, updated_at)
  SELECT p_workspace, u.scope, u.key, tally_bucket(u.span, p_moment), sum(u.n), p_moment
  FROM unnest(p_tally_scope, p_tally_key, p_tally_span, p_tally_n) AS u (scope, key, span, n)
  GROUP BY 2, 3, 4 ORDER BY 2, 3, 4
  ON CONFLICT (scope_id, key, bucket) DO UPDATE SET n = t.n + excluded.n, updated_at = excluded.updated_at;
END $$;

REVOKE ALL ON FUNCTION batch_write_counts FROM PUBLIC;
