-- What agents have used or hold today of their daily budgets, and the rules of their open incidents of the last day.
-- Incidents are looked up by their ids, which say when they were made by a clock that may differ by a day.
CREATE OR REPLACE FUNCTION batch_read_days(
  p_workspace uuid, p_today text, p_now timestamptz, p_agent uuid[], p_cost bigint[], p_tokens bigint[]
) RETURNS json
LANGUAGE sql VOLATILE AS $$
  SELECT json_agg(json_build_object('agent', u.agent,
    'costMicros', CASE WHEN u.cost IS NULL THEN 0
      ELSE day_budget(p_workspace, u.agent, p_today, 'cost_micros', u.cost) END,
    'tokens', CASE WHEN u.tokens IS NULL THEN 0
      ELSE day_budget(p_workspace, u.agent, p_today, 'tokens', u.tokens) END,
    'incidents', (
      SELECT coalesce(json_agg(DISTINCT i.rule), '[]') FROM incidents i
      WHERE i.agent_id = u.agent AND i.id > uuid_at(p_now - interval '2 days') AND i.state = 'open'
        AND i.opened_at > p_now - interval '1 day')))
  FROM unnest(p_agent, p_cost, p_tokens) AS u (agent, cost, tokens)
$$;

REVOKE ALL ON FUNCTION batch_read_days FROM PUBLIC;
