-- Makes the parts of a batch wait to be written, and returns how many were added: none when the batch waits already. A
-- function, because it is one round trip and its workspace is known from the credential.
CREATE OR REPLACE FUNCTION ingest_enqueue(
  p_workspace uuid, p_agent uuid, p_credential uuid, p_inlet text, p_digest bytea, p_received timestamptz, p_id uuid[],
  p_events integer[], p_body text[]
) RETURNS TABLE (added integer)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH written AS (
    INSERT INTO ingest_inbox (id, workspace_id, agent_id, credential_id, inlet, digest, part, events, body, received_at)
    SELECT u.id, p_workspace, p_agent, p_credential, p_inlet, p_digest, u.place - 1, u.events, u.body, p_received
    FROM unnest(p_id, p_events, p_body) WITH ORDINALITY AS u (id, events, body, place)
    ON CONFLICT (workspace_id, digest, part) DO NOTHING
    RETURNING 1
  )
  SELECT count(*)::integer FROM written
$$;

REVOKE ALL ON FUNCTION ingest_enqueue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest_enqueue TO interlock_app;
