-- Returns the run of decisions that a trace belongs to: the one of its agent, session and run by name, or the latest of
-- that name where the trace names no session. Null where there is none.
CREATE OR REPLACE FUNCTION run_of_trace(p_workspace uuid, p_agent uuid, p_session text, p_run text) RETURNS uuid
LANGUAGE sql STABLE AS $$
  -- Two questions, so that a session that is named is looked up and the agent's others are not read.
  SELECT CASE WHEN p_session IS NULL
    THEN (
      SELECT r.id FROM sessions s JOIN runs r ON r.session_id = s.id AND r.external_id = p_run
      WHERE s.workspace_id = p_workspace AND s.agent_id = p_agent ORDER BY r.id DESC LIMIT 1)
    ELSE (
      SELECT r.id FROM sessions s JOIN runs r ON r.session_id = s.id AND r.external_id = p_run
      WHERE s.workspace_id = p_workspace AND s.agent_id = p_agent AND s.external_id = p_session)
    END
$$;
