-- What 95 of 100 calls of an agent's tool spent at most in the last 30 days, from the histogram of what was reported: a
-- value that occurred. Null of a metric that fewer than 20 calls named.
CREATE OR REPLACE FUNCTION usual_spend(p_workspace uuid, p_agent uuid, p_tool text)
RETURNS TABLE (cost_micros double precision, tokens double precision)
LANGUAGE sql STABLE AS $$
  SELECT min(most) FILTER (WHERE metric = 'cost_micros'), min(most) FILTER (WHERE metric = 'tokens')
  FROM (
    SELECT s.metric, max(s.most) AS most, sum(sum(s.calls)) OVER (PARTITION BY s.metric ORDER BY s.bucket) AS upto,
      sum(sum(s.calls)) OVER (PARTITION BY s.metric) AS total
    FROM tool_sizes s
    WHERE s.workspace_id = p_workspace AND s.agent_id = p_agent AND s.tool = p_tool
      AND s.metric IN ('cost_micros', 'tokens')
      AND s.day >= ((clock_timestamp() AT TIME ZONE 'UTC') - interval '30 days')::date
    GROUP BY s.metric, s.bucket) AS ranked
  WHERE total >= 20 AND upto >= 0.95 * total
$$;
