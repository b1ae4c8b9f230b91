-- Holds what the allowed calls of a batch may cost: for each run in its budget, for each agent in its day's. The budgets'
-- own constraint refuses more than the limit.
CREATE OR REPLACE FUNCTION batch_write_budgets(
  p_workspace uuid, p_today text, p_run uuid[], p_run_limit bigint[], p_run_used bigint[], p_run_held bigint[],
  p_day_agent uuid[], p_day_metric text[], p_day_limit bigint[], p_day_held bigint[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO budgets AS b (workspace_id, scope, scope_id, metric, limit_amount, used, reserved)
    SELECT p_workspace, 'run', u.run, 'cost_micros', u.most, u.used, u.held
    FROM unnest(p_run, p_run_limit, p_run_used, p_run_held) AS u (run, most, used, held)
    ON CONFLICT (scope_id, metric, period) DO UPDATE SET reserved = b.reserved + excluded.reserved, limit_amount = excluded.limit_amount;
  UPDATE budgets b SET reserved = b.reserved + u.held, limit_amount = greatest(u.most, b.used + b.reserved + u.held)
    FROM unnest(p_day_agent, p_day_metric, p_day_limit, p_day_held) AS u (agent, metric, most, held)
    WHERE b.scope_id = u.agent AND b.metric = u.metric AND b.period = p_today;
END $$;

REVOKE ALL ON FUNCTION batch_write_budgets FROM PUBLIC;
