-- Writes what only some calls leave behind. Each part of `p_rare` is a list of rows with columns of the tables.
CREATE OR REPLACE FUNCTION batch_write_rare(p_workspace uuid, p_moment timestamptz, p_rare jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_used bigint := jsonb_array_length(p_rare -> 'used');
  v_count bigint;
BEGIN
  UPDATE approvals a SET state = u.state, superseded_by = u.superseded_by, settled_at = u.settled_at
  FROM jsonb_to_recordset(p_rare -> 'settled') AS u (id uuid, state text, superseded_by uuid, settled_at timestamptz)
  WHERE a.id = u.id;
  INSERT INTO approvals (id, workspace_id, agent_id, session_id, run_id, decision_id, tool, action_digest,
    manifest_version, state, display, display_digest, score, band, quorum, approver_role, separation_of_duties,
    dri_at_request, created_at, expires_at, action_ref, display_ref, args_digest, shape_digest, shown_digest,
    base_digest, superseded_by, settled_at)
  SELECT a.id, p_workspace, a.agent_id, a.session_id, a.run_id, a.decision_id, a.tool, a.action_digest,
    a.manifest_version, a.state, a.display, a.display_digest, a.score, a.band, a.quorum, a.approver_role,
    a.separation_of_duties, a.dri_at_request, p_moment, a.expires_at, a.action_ref, a.display_ref, a.args_digest,
    a.shape_digest, a.shown_digest, a.base_digest, a.superseded_by, a.settled_at
  FROM jsonb_populate_recordset(NULL::approvals, p_rare -> 'opened') AS a;
  UPDATE approvals a SET base_moved_at = p_moment
  FROM jsonb_to_recordset(p_rare -> 'moved') AS u (id uuid) WHERE a.id = u.id AND a.base_moved_at IS NULL;

  UPDATE approvals a SET state = 'consumed', consumed_by = u.decision
  FROM jsonb_to_recordset(p_rare -> 'used') AS u (id uuid, decision uuid) WHERE a.id = u.id AND a.state = 'approved';
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count <> v_used THEN RAISE EXCEPTION 'an approval changed under its lock'; END IF;
  UPDATE grants g SET consumed_at = p_moment, consumed_by = u.decision
  FROM jsonb_to_recordset(p_rare -> 'used') AS u (id uuid, decision uuid)
  WHERE g.approval_id = u.id AND g.consumed_at IS NULL
    -- Named a second time, so that the grants are looked up and never walked.
    AND g.approval_id = ANY (ARRAY(SELECT (x ->> 'id')::uuid FROM jsonb_array_elements(p_rare -> 'used') AS x));
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count <> v_used THEN RAISE EXCEPTION 'an approval has no open grant'; END IF;

  INSERT INTO floods AS f (agent_id, workspace_id, since, refused, paused_until)
  SELECT u.agent_id, p_workspace, u.since, u.refused, u.paused_until
  FROM jsonb_populate_recordset(NULL::floods, p_rare -> 'floods') AS u
  ON CONFLICT (agent_id)
    DO UPDATE SET since = excluded.since, refused = excluded.refused, paused_until = excluded.paused_until;
  UPDATE breakers b SET trial_at = p_moment
  FROM jsonb_to_recordset(p_rare -> 'trials') AS u (agent uuid, tool text)
  WHERE b.agent_id = u.agent AND b.tool = u.tool;
  UPDATE dependency_breakers b SET trial_at = p_moment
  FROM jsonb_to_recordset(p_rare -> 'dependency_trials') AS u (dependency text)
  WHERE b.workspace_id = p_workspace AND b.dependency = u.dependency;
  INSERT INTO dependency_hours AS h (workspace_id, hour, dependency, refused)
  SELECT p_workspace, date_trunc('hour', p_moment, 'UTC'), u.dependency, u.refused
  FROM jsonb_to_recordset(p_rare -> 'dependency_refusals') AS u (dependency text, refused integer)
  ORDER BY u.dependency
  ON CONFLICT (workspace_id, hour, dependency) DO UPDATE SET refused = h.refused + excluded.refused;
  INSERT INTO stops (id, workspace_id, scope, target_id, reason, requested_by, requested_at, confirmed_at, decision_id)
  SELECT u.id, p_workspace, 'run', u.target_id, u.reason, NULL, p_moment, p_moment, u.decision_id
  FROM jsonb_populate_recordset(NULL::stops, p_rare -> 'stops') AS u;
  INSERT INTO incidents (id, workspace_id, agent_id, run_id, decision_id, stop_id, class, rule, title, opened_at)
  SELECT u.id, p_workspace, u.agent_id, u.run_id, u.decision_id, u.stop_id, u.class, u.rule, u.title, p_moment
  FROM jsonb_populate_recordset(NULL::incidents, p_rare -> 'incidents') AS u;
END $$;

REVOKE ALL ON FUNCTION batch_write_rare FROM PUBLIC;
