-- What agents did with tools in the last 30 days, from counters by day: one row for each question, in its order. A
-- target is the digest of whom or what a call acts on.
CREATE OR REPLACE FUNCTION tool_history(p_workspace uuid, p_agent uuid[], p_tool text[], p_target text[])
RETURNS TABLE (
  place bigint, uses double precision, approved double precision, regretted double precision,
  rows_p99 double precision, amount_p99 double precision, seen boolean
)
LANGUAGE sql STABLE AS $$
  SELECT q.place, used.uses, used.approved,
    (SELECT count(*)::float8 FROM regrets r
      WHERE r.workspace_id = p_workspace AND r.agent_id = q.agent AND r.tool = q.tool
        -- Compared as the type it has: under row-level security, only then does the index look it up.
        AND r.created_at >= since.day::timestamp AT TIME ZONE 'UTC'),
    usual_size(q.agent, q.tool, 'rows', since.day), usual_size(q.agent, q.tool, 'amount', since.day),
    EXISTS (SELECT FROM tool_targets t
      WHERE t.agent_id = q.agent AND t.tool = q.tool AND t.target_digest = q.target AND t.last_day >= since.day)
  FROM unnest(p_agent, p_tool, p_target) WITH ORDINALITY AS q (agent, tool, target, place)
  CROSS JOIN (SELECT ((clock_timestamp() AT TIME ZONE 'UTC') - interval '30 days')::date) AS since (day)
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(u.uses), 0)::float8, coalesce(sum(u.approved), 0)::float8 FROM tool_usage u
    WHERE u.workspace_id = p_workspace AND u.agent_id = q.agent AND u.tool = q.tool AND u.day >= since.day)
    AS used (uses, approved)
  ORDER BY q.place
$$;
