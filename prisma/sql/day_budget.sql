-- Today's budgets of an agent. Made when first needed, from what the day has cost so far, so that a limit that is
-- published at noon counts the morning. The caller holds the agent's lock.
CREATE OR REPLACE FUNCTION day_budget(workspace uuid, agent uuid, today text, wanted text, most bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE total bigint; settled bigint; held bigint;
BEGIN
  SELECT b.used + b.reserved + b.overrun INTO total FROM budgets b WHERE b.scope_id = agent AND b.metric = wanted AND b.period = today;
  IF total IS NOT NULL THEN RETURN total; END IF;
  SELECT coalesce(sum(CASE WHEN e.state NOT IN ('granted','dispatching','unreported','unknown') OR o.id IS NOT NULL
                      THEN CASE wanted WHEN 'tokens' THEN coalesce(o.tokens, e.reserved_tokens) ELSE coalesce(o.cost_micros, e.reserved_micros) END END), 0),
         coalesce(sum(CASE WHEN o.id IS NULL THEN CASE wanted WHEN 'tokens' THEN e.reserved_tokens ELSE e.reserved_micros END END), 0)
    INTO settled, held
    FROM decisions d JOIN executions e ON e.decision_id = d.id LEFT JOIN outcomes o ON o.decision_id = d.id
    WHERE d.agent_id = agent AND d.verdict = 'allow' AND d.id >= uuid_at(today::timestamp AT TIME ZONE 'UTC');
  INSERT INTO budgets (workspace_id, scope, scope_id, metric, period, limit_amount, used, reserved)
    VALUES (workspace, 'agent', agent, wanted, today, greatest(most, settled + held), settled, held) ON CONFLICT DO NOTHING;
  RETURN settled + held;
END $$;

REVOKE ALL ON FUNCTION day_budget FROM PUBLIC;
