-- What a source said last about a subject, for `max_change`; and what an agent is used to doing with a tool, for the risk score.

-- One row a subject: the newest accepted reading. Losing one only widens the comparison in time.
CREATE TABLE source_readings (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  source text NOT NULL,
  subject_digest text NOT NULL,
  subject jsonb NOT NULL,
  numbers jsonb NOT NULL,
  as_of timestamptz NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (agent_id, source, subject_digest)
);
CREATE INDEX source_readings_age ON source_readings (workspace_id, read_at);

-- Counters by day, kept up to date from new decisions and outcomes by a job that remembers how far it has come.
CREATE TABLE tool_usage (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  tool text NOT NULL,
  day date NOT NULL,
  uses bigint NOT NULL,
  approved bigint NOT NULL,
  PRIMARY KEY (agent_id, tool, day)
);

-- A logarithmic histogram with the largest value of each bucket, so that a percentile is a value that occurred.
CREATE TABLE tool_sizes (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  tool text NOT NULL,
  day date NOT NULL,
  metric text NOT NULL CHECK (metric IN ('rows','amount')),
  bucket integer NOT NULL,
  calls bigint NOT NULL,
  most double precision NOT NULL,
  PRIMARY KEY (agent_id, tool, metric, day, bucket)
);

-- Whom a tool was used on, by digest: that it was, and when last.
CREATE TABLE tool_targets (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  tool text NOT NULL,
  target_digest text NOT NULL,
  last_day date NOT NULL,
  PRIMARY KEY (agent_id, tool, target_digest)
);

CREATE TABLE usage_marks (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  decision_id uuid NOT NULL,
  outcome_id uuid NOT NULL
);

-- Approved, and then it failed, was rolled back, or a person said it should not have been. One regret a decision.
CREATE TABLE regrets (
  decision_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  tool text NOT NULL,
  cause text NOT NULL CHECK (cause IN ('failed','rolled_back','person')),
  marked_by uuid REFERENCES members (id),
  note text,
  created_at timestamptz NOT NULL
);
CREATE INDEX regrets_tool ON regrets (agent_id, tool, created_at DESC);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['source_readings','tool_usage','tool_sizes','tool_targets','usage_marks','regrets'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON source_readings, tool_usage, tool_sizes, tool_targets TO interlock_app;
GRANT SELECT, INSERT, UPDATE ON usage_marks TO interlock_app;
GRANT SELECT, INSERT ON regrets TO interlock_app;
