-- Makes the sessions and runs of a batch that are not there yet. A run that made no call reaches nowhere.
CREATE OR REPLACE FUNCTION batch_make_runs(
  p_workspace uuid, p_alive uuid[], p_agent uuid[], p_session text[], p_name text[]
) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO sessions (id, workspace_id, agent_id, external_id)
  SELECT new_uuid(), p_workspace, x.agent, x.session
  FROM (
    SELECT DISTINCT w.agent, w.session FROM unnest(p_agent, p_session) AS w (agent, session)
    WHERE w.agent = ANY (p_alive) AND NOT EXISTS (
      SELECT FROM sessions s WHERE s.agent_id = w.agent AND s.external_id = w.session)
    ORDER BY 1, 2) AS x
  ON CONFLICT DO NOTHING;
  INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at, reach)
  SELECT new_uuid(), p_workspace, w.agent, s.id, w.name, clock_timestamp(), clock_timestamp(),
    '{"environments": [], "hosts": [], "domains": [], "scopes": []}'
  FROM unnest(p_agent, p_session, p_name) WITH ORDINALITY AS w (agent, session, name, place)
  JOIN sessions s ON s.agent_id = w.agent AND s.external_id = w.session
  WHERE w.agent = ANY (p_alive) AND NOT EXISTS (
    SELECT FROM runs r WHERE r.session_id = s.id AND r.external_id = w.name)
  ORDER BY w.place
  ON CONFLICT DO NOTHING;
END $$;

REVOKE ALL ON FUNCTION batch_make_runs FROM PUBLIC;
