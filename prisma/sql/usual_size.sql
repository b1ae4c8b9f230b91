-- The size that 99 of 100 calls of an agent's tool do not exceed since a day, from its histogram: a value that
-- occurred.
CREATE OR REPLACE FUNCTION usual_size(p_agent uuid, p_tool text, p_metric text, p_since date) RETURNS double precision
LANGUAGE sql STABLE AS $$
  SELECT min(most) FROM (
    SELECT max(s.most) AS most, sum(sum(s.calls)) OVER (ORDER BY s.bucket) AS upto, sum(sum(s.calls)) OVER () AS total
    FROM tool_sizes s WHERE s.agent_id = p_agent AND s.tool = p_tool AND s.metric = p_metric AND s.day >= p_since
    GROUP BY s.bucket) AS ranked
  WHERE upto >= 0.99 * total
$$;
