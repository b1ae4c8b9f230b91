-- Locks and returns the circuit breakers of the tools that a batch calls, so that of all replicas one call is the trial
-- of an open one. Most agents have none.
CREATE OR REPLACE FUNCTION batch_lock_breakers(
  p_alive uuid[], p_run_agent uuid[], p_call_run integer[], p_call_tool text[]
) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM breakers b WHERE b.agent_id = ANY (p_alive)) THEN RETURN NULL; END IF;
  RETURN (
    SELECT json_agg(json_build_object('agent', x.agent_id, 'tool', x.tool, 'failures', x.failures,
      'failedAt', extract(epoch FROM x.failed_at)::float8, 'trialAt', extract(epoch FROM x.trial_at)::float8))
    FROM (
      SELECT b.* FROM breakers b
      WHERE (b.agent_id, b.tool) IN (
        SELECT p_run_agent[u.run], u.tool FROM unnest(p_call_run, p_call_tool) AS u (run, tool))
      ORDER BY b.agent_id, b.tool FOR UPDATE) AS x);
END $$;

REVOKE ALL ON FUNCTION batch_lock_breakers FROM PUBLIC;
