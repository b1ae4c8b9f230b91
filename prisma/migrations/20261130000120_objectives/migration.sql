-- What agents are to reach, and how often they do.

-- One objective for each measure of an agent. A row is never changed: what replaces or removes it says so in `removed_at`.
CREATE TABLE objectives (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  measure text NOT NULL CHECK (measure IN ('success','time','cost','intervention','denials')),
  -- The share that must be good, in hundredths of a percent.
  target_bp integer NOT NULL CHECK (target_bp BETWEEN 1 AND 9999),
  days smallint NOT NULL CHECK (days IN (7, 28, 30)),
  -- Milliseconds of a run, or trillionths of a dollar.
  most numeric CHECK (most > 0),
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL,
  removed_by uuid REFERENCES members (id),
  removed_at timestamptz,
  CHECK ((removed_by IS NULL) = (removed_at IS NULL)),
  CHECK ((most IS NULL) = (measure NOT IN ('time','cost')))
);
CREATE UNIQUE INDEX objectives_one_a_measure ON objectives (workspace_id, agent_id, measure) WHERE removed_at IS NULL;

-- How many of an hour's runs or decisions were good, of how many. Counted again while the hour may change, and once a day
-- as far back as a window reaches.
CREATE TABLE objective_hours (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  objective_id uuid NOT NULL REFERENCES objectives (id),
  hour timestamptz NOT NULL,
  good bigint NOT NULL,
  total bigint NOT NULL,
  PRIMARY KEY (workspace_id, objective_id, hour),
  CHECK (good BETWEEN 0 AND total)
);

-- Until when an objective was counted.
CREATE TABLE objective_marks (
  objective_id uuid PRIMARY KEY REFERENCES objectives (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  counted_at timestamptz NOT NULL
);

-- Whom the review of a week was sent to, once.
CREATE TABLE weekly_reviews (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  week text NOT NULL CHECK (week ~ '^\d{4}-W\d\d$'),
  member_id uuid NOT NULL REFERENCES members (id),
  sent_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, week, member_id)
);

-- How people did an agent's work before it. A row is never changed, as with objectives.
CREATE TABLE baselines (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  content jsonb NOT NULL,
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL,
  removed_by uuid REFERENCES members (id),
  removed_at timestamptz,
  CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
CREATE UNIQUE INDEX baselines_one_an_agent ON baselines (workspace_id, agent_id) WHERE removed_at IS NULL;

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['objectives', 'objective_hours', 'objective_marks', 'weekly_reviews', 'baselines']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON objectives, objective_hours, objective_marks, weekly_reviews, baselines TO interlock_app;
GRANT UPDATE (removed_by, removed_at) ON objectives, baselines TO interlock_app;
GRANT UPDATE (good, total) ON objective_hours TO interlock_app;
GRANT UPDATE (counted_at) ON objective_marks TO interlock_app;
