-- Returns why an approval cannot be used for this action now, or null when it can. The caller holds its lock. Votes are
-- checked again. A vote does not count when its account was disabled or lost the role, when its person is counted
-- already, or when its person is or was the agent's DRI or stood in for the DRI.
CREATE OR REPLACE FUNCTION approval_fault(p_approval approvals, p_action_digest text, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_usable_at timestamptz;
  v_approving integer;
BEGIN
  IF p_approval.action_digest IS DISTINCT FROM p_action_digest THEN RETURN 'approval_action_mismatch'; END IF;
  IF p_approval.state = 'consumed' THEN RETURN 'approval_consumed'; END IF;
  IF p_approval.state IN ('denied', 'returned') THEN RETURN 'approval_denied'; END IF;
  IF p_approval.state = 'expired' OR p_approval.expires_at <= p_at THEN RETURN 'approval_expired'; END IF;
  IF p_approval.state = 'waiting' THEN RETURN 'approval_waiting'; END IF;
  IF p_approval.state <> 'approved' THEN RETURN 'approval_' || p_approval.state; END IF;

  SELECT g.usable_at INTO v_usable_at FROM grants g WHERE g.approval_id = p_approval.id;
  IF v_usable_at IS NULL OR v_usable_at > p_at THEN RETURN 'approval_waiting'; END IF;

  SELECT count(DISTINCT coalesce(m.person_id, m.id)) INTO v_approving
  FROM votes v
  JOIN members m ON m.id = v.member_id
  JOIN agents a ON a.id = p_approval.agent_id
  WHERE v.approval_id = p_approval.id AND v.undone_at IS NULL AND v.verdict = 'approve'
    AND m.disabled_at IS NULL AND p_approval.approver_role = ANY (m.roles)
    AND NOT (p_approval.separation_of_duties
      AND ARRAY[p_approval.dri_at_request, a.dri_id] && answers_for(m.id, v.created_at));
  IF v_approving < greatest(p_approval.quorum, CASE p_approval.band WHEN 'critical' THEN 2 ELSE 1 END)
    OR EXISTS (
      SELECT FROM votes v WHERE v.approval_id = p_approval.id AND v.undone_at IS NULL AND v.verdict <> 'approve'
    )
  THEN
    RETURN 'quorum_lost';
  END IF;
  RETURN NULL;
END $$;
