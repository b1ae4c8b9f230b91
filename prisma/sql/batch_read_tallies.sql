-- What is counted now under each tally that a batch wants, in its order. A tally is counted under its run, its session
-- or its agent, over its span.
CREATE OR REPLACE FUNCTION batch_read_tallies(
  p_now timestamptz, p_agents uuid[], p_sessions uuid[], p_runs uuid[],
  p_run integer[], p_scope text[], p_key text[], p_span integer[]
) RETURNS json
LANGUAGE sql STABLE AS $$
  SELECT json_agg(n.total ORDER BY u.place)
  FROM unnest(p_run, p_scope, p_key, p_span) WITH ORDINALITY AS u (run, scope, key, span, place)
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.n), 0)::bigint FROM tallies t
    WHERE t.scope_id = CASE u.scope WHEN 'run' THEN p_runs[u.run] WHEN 'session' THEN p_sessions[u.run]
        ELSE p_agents[u.run] END
      AND t.key = u.key AND t.bucket >= tally_since(u.span, p_now)) AS n (total)
$$;

REVOKE ALL ON FUNCTION batch_read_tallies FROM PUBLIC;
