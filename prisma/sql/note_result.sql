-- Remembers for retry limits and circuit breakers how an action ended: a failure is counted, a success clears the
-- count. Returns whether it was a failure.
CREATE OR REPLACE FUNCTION note_result(
  p_workspace_id uuid, p_agent_id uuid, p_run_id uuid, p_tool text, p_action_digest text, p_outcome text,
  p_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_outcome IN ('error', 'failed_validation', 'retry') THEN
    INSERT INTO tallies AS t (workspace_id, scope_id, key, bucket, n, updated_at)
    VALUES (p_workspace_id, p_run_id, p_action_digest, 0, 1, p_at)
    ON CONFLICT (scope_id, key, bucket) DO UPDATE SET n = t.n + 1, updated_at = p_at;
    INSERT INTO breakers AS b (workspace_id, agent_id, tool, failures, failed_at)
    VALUES (p_workspace_id, p_agent_id, p_tool, 1, p_at)
    ON CONFLICT (agent_id, tool) DO UPDATE SET failures = b.failures + 1, failed_at = p_at, trial_at = NULL;
    RETURN true;
  END IF;
  IF p_outcome = 'success' THEN
    DELETE FROM tallies t WHERE t.scope_id = p_run_id AND t.key = p_action_digest AND t.bucket = 0;
    DELETE FROM breakers b WHERE b.agent_id = p_agent_id AND b.tool = p_tool;
  END IF;
  RETURN false;
END $$;

REVOKE ALL ON FUNCTION note_result FROM PUBLIC;
