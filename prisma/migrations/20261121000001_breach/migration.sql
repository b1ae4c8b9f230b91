-- What a breach leaves behind: a stop that only two people can end, and an incident that says which kind of failure it was.

ALTER TABLE stops ADD COLUMN decision_id uuid;
-- A run is halted once at a time: the second breach of a halted run finds the stop that is there.
CREATE UNIQUE INDEX stops_one_open_run ON stops (target_id) WHERE scope = 'run' AND resumed_at IS NULL;

-- One person's consent to let a halted run go on. The second, of another person, ends the stop.
CREATE TABLE stop_consents (
  stop_id uuid NOT NULL REFERENCES stops (id),
  member_id uuid NOT NULL REFERENCES members (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (stop_id, member_id)
);

-- Exactly one failure class each. `opened_by` is null when the system opened it.
CREATE TABLE incidents (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  run_id uuid REFERENCES runs (id),
  decision_id uuid,
  stop_id uuid REFERENCES stops (id),
  class text NOT NULL CHECK (class IN
    ('context_blindness','rogue_action','silent_degradation','memory_corruption','runaway_execution','model_capability')),
  rule text NOT NULL,
  title text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open','resolved')),
  opened_by uuid REFERENCES members (id),
  opened_at timestamptz NOT NULL,
  resolved_by uuid REFERENCES members (id),
  resolved_at timestamptz,
  note text
);
CREATE INDEX incidents_open ON incidents (workspace_id, id DESC) WHERE state = 'open';
CREATE INDEX incidents_workspace ON incidents (workspace_id, id DESC);
CREATE INDEX incidents_agent ON incidents (agent_id, id DESC);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['stop_consents','incidents'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON stop_consents TO interlock_app;
GRANT SELECT, INSERT, UPDATE ON incidents TO interlock_app;
