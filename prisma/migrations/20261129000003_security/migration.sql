-- The application's role sees and changes only rows of the workspace its transaction names.
DO $$
DECLARE
  v_table regclass;
BEGIN
  FOR v_table IN
    SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attname = 'workspace_id'
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %s TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace ON workspaces TO interlock_app
  USING (id = current_workspace()) WITH CHECK (id = current_workspace());

-- What people are shown when they follow a link or read a list, calibration items among it. Statistics, the engine and
-- exports read the tables themselves. A view is read with its owner's rights, so each names the workspace itself.
CREATE VIEW shown_sessions AS
  SELECT id, workspace_id, agent_id, external_id
  FROM sessions WHERE workspace_id = current_workspace()
  UNION ALL
  SELECT session_id, workspace_id, agent_id, session_name
  FROM stand_in_runs WHERE workspace_id = current_workspace();
CREATE VIEW shown_runs AS
  SELECT id, workspace_id, agent_id, session_id, external_id, state, halted_reason, steps, allowed, asked, refused,
    cost_micros, started_at, last_at
  FROM runs WHERE workspace_id = current_workspace()
  UNION ALL
  SELECT id, workspace_id, agent_id, session_id, external_id, 'running'::text, NULL::text, steps, allowed, asked, refused,
    cost_micros, started_at, last_at
  FROM stand_in_runs WHERE workspace_id = current_workspace();
CREATE VIEW shown_decisions AS
  SELECT id, workspace_id, id AS origin_id, interval '0' AS shift, agent_id, credential_id, session_id, run_id, call_id,
    step, tool, tool_hash, action_digest, call, verdict, rule, reasons, checks, risk, facts, manifest_version,
    manifest_hash, approval_id, reserved_micros, remaining, created_at, guardrail_version, guardrail_hash
  FROM decisions WHERE workspace_id = current_workspace()
  UNION ALL
  SELECT id, workspace_id, origin_id, shift, agent_id, credential_id, session_id, run_id, call_id,
    step, tool, tool_hash, action_digest, call, verdict, rule, reasons, checks, risk, facts, manifest_version,
    manifest_hash, approval_id, reserved_micros, remaining, created_at, guardrail_version, guardrail_hash
  FROM stand_in_decisions WHERE workspace_id = current_workspace();
GRANT SELECT ON shown_sessions, shown_runs, shown_decisions TO interlock_app;

-- Read only, because triggers and functions write them.
GRANT SELECT ON tool_versions TO interlock_app;
GRANT SELECT, DELETE ON breakers, ledger_pending, tallies TO interlock_app;

-- Added to, and changed in the named columns at most.
GRANT SELECT, INSERT ON
  approval_revocations, audit_answers, batch_items, batches, calibration_bursts, calibration_items, execution_answers,
  guardrails, ledger_checkpoints, ledger_entries, ledger_keys, ledger_leaves, ledger_nodes, manifests, outcomes,
  payload_erasures, regret_notices, regrets, stop_consents, votes
TO interlock_app;
GRANT UPDATE (position, deferred_at, left_at, left_to) ON batch_items TO interlock_app;
GRANT UPDATE (renewed_at, ended_at) ON batches TO interlock_app;
GRANT UPDATE (answers, finished_at, passed) ON calibration_bursts TO interlock_app;
GRANT UPDATE (closed_at, member_id, verdict, result) ON calibration_items TO interlock_app;
GRANT UPDATE (state, published_by, published_at) ON guardrails, manifests TO interlock_app;
GRANT UPDATE (retired_at) ON ledger_keys TO interlock_app;
GRANT UPDATE (note, created_at, extra_steps, extra_seconds, extra_cost_micros) ON stop_consents TO interlock_app;
GRANT UPDATE (undone_at) ON votes TO interlock_app;

-- Added to and removed, never changed.
GRANT SELECT, INSERT, DELETE ON stand_in_decisions, stand_in_runs, step_up_uses TO interlock_app;

-- Changed, never removed.
GRANT SELECT, INSERT, UPDATE ON
  approval_attention, delegations, destinations, incidents, ledger_anchors, sign_in_attempts, step_up_keys,
  unseen_approvals, usage_marks, workspaces
TO interlock_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON
  agent_callbacks, agents, approval_routes, approval_views, approvals, budgets, credentials, decisions, deliveries,
  delivery_cursors, executions, floods, grants, idempotency_keys, leases, ledger_heads, members,
  notification_preferences, on_call, outbox, personal_sends, personal_tokens, runs, sessions, sign_ins, slack_codes,
  slack_links, slack_signatures, source_readings, stops, tool_sizes, tool_targets, tool_usage, tools,
  workspace_controls
TO interlock_app;

-- A job keeps partitions ready from here on.
SELECT ensure_partitions(7);
