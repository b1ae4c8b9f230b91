-- Claims the idempotency keys of a batch, in one order on every replica, and says which decision holds each. The first
-- call that names a key gets it. `p_caller` counts the places of callers from one. A caller that may not go on claims
-- nothing, even if another caller of its agent may: its call writes no decision that could answer for the key.
CREATE OR REPLACE FUNCTION batch_claim_keys(
  p_workspace uuid, p_goes_on boolean[], p_caller integer[], p_agent uuid[], p_session text[], p_name text[],
  p_fingerprint text[], p_decision uuid[]
) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO idempotency_keys (workspace_id, agent_id, session, key, fingerprint, decision_id)
  SELECT p_workspace, u.agent, u.session, u.name, u.fingerprint, u.decision
  FROM unnest(p_caller, p_agent, p_session, p_name, p_fingerprint, p_decision) WITH ORDINALITY
    AS u (caller, agent, session, name, fingerprint, decision, place)
  WHERE p_goes_on[u.caller] ORDER BY u.agent, u.session, u.name, u.place
  ON CONFLICT DO NOTHING;
  RETURN (
    SELECT json_agg(json_build_object('place', u.place, 'decision', k.decision_id, 'fingerprint', k.fingerprint))
    FROM unnest(p_agent, p_session, p_name) WITH ORDINALITY AS u (agent, session, name, place)
    JOIN idempotency_keys k ON k.agent_id = u.agent AND k.session = u.session AND k.key = u.name);
END $$;

REVOKE ALL ON FUNCTION batch_claim_keys FROM PUBLIC;
