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
