-- Locks, by id, the approvals that calls of a batch name, those that wait for what a call would ask, and the approved
-- ones of such an action whose data is known to have moved. Returns each as it stands.
CREATE OR REPLACE FUNCTION batch_lock_approvals(p_workspace uuid, p_named uuid[], p_agent uuid[], p_action text[])
RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_ids uuid[] := ARRAY(
    SELECT u FROM unnest(p_named) AS u
    UNION
    SELECT a.id FROM unnest(p_agent, p_action) AS q (agent, action)
    JOIN approvals a ON a.agent_id = q.agent AND a.action_digest = q.action WHERE a.state = 'waiting'
    UNION
    SELECT a.id FROM unnest(p_agent, p_action) AS q (agent, action)
    JOIN approvals a ON a.agent_id = q.agent AND a.action_digest = q.action
    WHERE a.state = 'approved' AND a.base_moved_at IS NOT NULL AND a.expires_at > clock_timestamp());
BEGIN
  IF cardinality(v_ids) = 0 THEN RETURN NULL; END IF;
  RETURN (
    SELECT json_agg(json_build_object('id', x.id, 'agent', x.agent_id, 'decision', x.decision_id,
      'action', x.action_digest, 'state', x.state, 'expiresAt', extract(epoch FROM x.expires_at)::float8,
      'expiresIso', iso_utc(x.expires_at), 'band', x.band, 'quorum', x.quorum, 'approverRole', x.approver_role,
      'separationOfDuties', x.separation_of_duties, 'driAtRequest', x.dri_at_request, 'note', x.note,
      'actionRef', x.action_ref, 'base', x.base_digest, 'baseMoved', x.base_moved_at IS NOT NULL,
      'shown', x.shown_digest,
      'usableAt', (SELECT extract(epoch FROM g.usable_at)::float8 FROM grants g WHERE g.approval_id = x.id),
      'votes', CASE WHEN x.id = ANY (p_named) THEN approval_votes(x.id) END))
    FROM (
      SELECT a.* FROM approvals a WHERE a.id = ANY (v_ids) AND a.workspace_id = p_workspace
      ORDER BY a.id FOR UPDATE) AS x);
END $$;

REVOKE ALL ON FUNCTION batch_lock_approvals FROM PUBLIC;
