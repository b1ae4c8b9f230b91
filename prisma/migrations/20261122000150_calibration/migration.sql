-- Calibration items: requests that must be refused, shown among real ones so that reviewers learn how well they see.
-- Nothing can ever carry one out. That is not a flag somebody reads: the rows that let a call run cannot be written.

-- Who carries out what is approved: the agent that asked, or nobody.
ALTER TABLE approvals
  ADD COLUMN executor text NOT NULL DEFAULT 'agent' CHECK (executor IN ('agent','none')),
  ADD CONSTRAINT approvals_executor UNIQUE (id, executor),
  ADD CONSTRAINT nobody_is_given_nothing CHECK (executor = 'agent' OR (consumed_by IS NULL AND state NOT IN ('approved','consumed')));

CREATE FUNCTION refuse_other_executor() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'who carries out approval % never changes', OLD.id USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE TRIGGER executor_stays BEFORE UPDATE OF executor ON approvals FOR EACH ROW
  WHEN (OLD.executor IS DISTINCT FROM NEW.executor) EXECUTE FUNCTION refuse_other_executor();

-- A grant is for what the agent carries out, and what ran by an approval had a grant.
ALTER TABLE grants
  ADD COLUMN executor text NOT NULL DEFAULT 'agent' CHECK (executor = 'agent'),
  ADD CONSTRAINT grants_executor FOREIGN KEY (approval_id, executor) REFERENCES approvals (id, executor);
ALTER TABLE executions
  ADD CONSTRAINT executions_grant FOREIGN KEY (approval_id) REFERENCES grants (approval_id);

-- The run and the session a calibration item names are nobody's: what an agent does must never meet them.
ALTER TABLE approvals
  ADD COLUMN agent_run_id uuid GENERATED ALWAYS AS (CASE WHEN executor = 'agent' THEN run_id END) STORED REFERENCES runs (id),
  ADD COLUMN agent_session_id uuid GENERATED ALWAYS AS (CASE WHEN executor = 'agent' THEN session_id END) STORED REFERENCES sessions (id);
ALTER TABLE approvals DROP CONSTRAINT approvals_run_id_fkey, DROP CONSTRAINT approvals_session_id_fkey;

-- What is behind an item: the past request it was made from, and what its reviewer made of it. `salt` seals the entry
-- that the ledger gets once it is over.
CREATE TABLE calibration_items (
  approval_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  executor text NOT NULL DEFAULT 'none' CHECK (executor = 'none'),
  source_id uuid NOT NULL,
  source_executor text NOT NULL DEFAULT 'agent' CHECK (source_executor = 'agent'),
  salt bytea NOT NULL,
  created_at timestamptz NOT NULL,
  closed_at timestamptz,
  member_id uuid REFERENCES members (id),
  verdict text CHECK (verdict IN ('approve','deny','return')),
  result text CHECK (result IN ('caught','missed')),
  CHECK ((member_id IS NULL) = (verdict IS NULL) AND (verdict IS NULL) = (result IS NULL)),
  CHECK (result IS NULL OR closed_at IS NOT NULL),
  CHECK (result IS NULL OR (result = 'missed') = (verdict = 'approve')),
  FOREIGN KEY (approval_id, executor) REFERENCES approvals (id, executor),
  FOREIGN KEY (source_id, source_executor) REFERENCES approvals (id, executor)
);
CREATE INDEX calibration_items_open ON calibration_items (workspace_id) WHERE closed_at IS NULL;
CREATE INDEX calibration_items_results ON calibration_items (workspace_id, member_id, closed_at) WHERE result IS NOT NULL;
CREATE TRIGGER origin_stays BEFORE UPDATE OF approval_id, workspace_id, executor, source_id, source_executor, salt, created_at ON calibration_items
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stays BEFORE DELETE ON calibration_items FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- A result is said once.
CREATE TRIGGER result_stays BEFORE UPDATE ON calibration_items FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

-- The run and the steps an item shows while it waits: those of its source under other ids and of today.
CREATE TABLE stand_in_runs (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  item_id uuid NOT NULL REFERENCES calibration_items (approval_id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  session_id uuid NOT NULL,
  session_name text NOT NULL,
  external_id text NOT NULL,
  steps integer NOT NULL,
  allowed integer NOT NULL,
  asked integer NOT NULL,
  refused integer NOT NULL,
  cost_micros bigint NOT NULL,
  started_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL
);
CREATE INDEX stand_in_runs_workspace ON stand_in_runs (workspace_id, id DESC);

CREATE TABLE stand_in_decisions (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  item_id uuid NOT NULL REFERENCES calibration_items (approval_id),
  -- Whose outcome is shown as this step's, and by how much later.
  origin_id uuid NOT NULL,
  shift interval NOT NULL,
  agent_id uuid NOT NULL REFERENCES agents (id),
  credential_id uuid,
  session_id uuid NOT NULL,
  run_id uuid NOT NULL,
  call_id text NOT NULL,
  step integer NOT NULL,
  tool text NOT NULL,
  tool_hash text NOT NULL,
  action_digest text NOT NULL,
  call jsonb NOT NULL,
  verdict text NOT NULL,
  rule text,
  reasons jsonb NOT NULL,
  checks jsonb NOT NULL,
  risk jsonb NOT NULL,
  facts jsonb NOT NULL,
  manifest_version integer,
  manifest_hash text,
  approval_id uuid,
  reserved_micros bigint NOT NULL,
  remaining jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  guardrail_version integer,
  guardrail_hash text
);
CREATE INDEX stand_in_decisions_workspace ON stand_in_decisions (workspace_id, id DESC);
CREATE INDEX stand_in_decisions_run ON stand_in_decisions (run_id, id);
CREATE INDEX stand_in_decisions_origin ON stand_in_decisions (origin_id);

-- What people are shown when they follow a link or read a list. Statistics, the engine and exports read the tables themselves.
-- A view is read with its owner's rights, so each names the workspace itself.
CREATE VIEW shown_sessions AS
  SELECT id, workspace_id, agent_id, external_id FROM sessions WHERE workspace_id = current_workspace()
  UNION ALL SELECT session_id, workspace_id, agent_id, session_name FROM stand_in_runs WHERE workspace_id = current_workspace();
CREATE VIEW shown_runs AS
  SELECT id, workspace_id, agent_id, session_id, external_id, state, halted_reason, steps, allowed, asked, refused, cost_micros, started_at, last_at FROM runs
  WHERE workspace_id = current_workspace()
  UNION ALL SELECT id, workspace_id, agent_id, session_id, external_id, 'running'::text, NULL::text, steps, allowed, asked, refused, cost_micros, started_at, last_at FROM stand_in_runs
  WHERE workspace_id = current_workspace();
CREATE VIEW shown_decisions AS
  SELECT id, workspace_id, id AS origin_id, interval '0' AS shift, agent_id, credential_id, session_id, run_id, call_id, step, tool, tool_hash, action_digest, call,
    verdict, rule, reasons, checks, risk, facts, manifest_version, manifest_hash, approval_id, reserved_micros, remaining, created_at, guardrail_version, guardrail_hash
  FROM decisions WHERE workspace_id = current_workspace()
  UNION ALL SELECT id, workspace_id, origin_id, shift, agent_id, credential_id, session_id, run_id, call_id, step, tool, tool_hash, action_digest, call,
    verdict, rule, reasons, checks, risk, facts, manifest_version, manifest_hash, approval_id, reserved_micros, remaining, created_at, guardrail_version, guardrail_hash
  FROM stand_in_decisions WHERE workspace_id = current_workspace();

-- Who erases what a call was about erases its copies with it, and what was made from it ends.
CREATE FUNCTION erase_stand_ins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE items uuid[];
BEGIN
  SELECT array_agg(DISTINCT i) INTO items FROM (
    SELECT s.item_id AS i FROM stand_in_decisions s WHERE s.origin_id = NEW.decision_id
    UNION SELECT c.approval_id FROM calibration_items c JOIN approvals a ON a.id = c.source_id WHERE a.decision_id = NEW.decision_id) AS made;
  DELETE FROM stand_in_decisions WHERE item_id = ANY (items);
  DELETE FROM stand_in_runs WHERE item_id = ANY (items);
  UPDATE approvals SET state = CASE state WHEN 'waiting' THEN 'withdrawn' ELSE state END,
      settled_at = coalesce(settled_at, clock_timestamp()), display = '{"erased": true}', note = NULL
    WHERE id = ANY (items) AND executor = 'none';
  RETURN NULL;
END $$;
CREATE TRIGGER erase_stand_ins AFTER INSERT ON payload_erasures FOR EACH ROW EXECUTE FUNCTION erase_stand_ins();

-- Practice in the open: five past actions with the answer at once. `items` and `answers` are lists.
CREATE TABLE calibration_bursts (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  items jsonb NOT NULL,
  answers jsonb NOT NULL DEFAULT '[]',
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  passed boolean,
  CHECK ((finished_at IS NULL) = (passed IS NULL))
);
CREATE UNIQUE INDEX calibration_bursts_open ON calibration_bursts (member_id) WHERE finished_at IS NULL;
CREATE INDEX calibration_bursts_done ON calibration_bursts (workspace_id, member_id, finished_at);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['calibration_items','stand_in_runs','stand_in_decisions','calibration_bursts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO interlock_app', t);
  END LOOP;
END $$;
GRANT UPDATE (closed_at, member_id, verdict, result) ON calibration_items TO interlock_app;
GRANT UPDATE (answers, finished_at, passed) ON calibration_bursts TO interlock_app;
GRANT DELETE ON stand_in_runs, stand_in_decisions TO interlock_app;
GRANT SELECT ON shown_sessions, shown_runs, shown_decisions TO interlock_app;
