-- Advice: what a job finds in two weeks of telemetry that money is spent on needlessly, and what people dismissed of it.

-- What the last evaluation found. `month_picos` is trillionths of a US dollar in 30 days, null where nobody says what the
-- calls cost; `n` is how many calls it rests on.
CREATE TABLE advice (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id text NOT NULL CHECK (id ~ '^[0-9a-f]{32}$'),
  facts jsonb NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  month_picos numeric CHECK (month_picos >= 0),
  n bigint NOT NULL CHECK (n >= 0),
  found_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  CHECK (from_at < to_at)
);

-- A row is never changed but to say, once, that it was brought back or replaced. It stays when its advice is found no
-- longer, because it may be found again.
CREATE TABLE advice_dismissals (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  advice_id text NOT NULL,
  reason text NOT NULL,
  month_picos numeric CHECK (month_picos >= 0),
  n bigint NOT NULL CHECK (n >= 0),
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL,
  ended_by uuid REFERENCES members (id),
  ended_at timestamptz,
  CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX advice_dismissals_one ON advice_dismissals (workspace_id, advice_id) WHERE ended_at IS NULL;

-- When a workspace's advice was last looked for.
CREATE TABLE advice_marks (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  evaluated_at timestamptz NOT NULL
);

-- Few events are errors; what refuses calls is found among them.
CREATE INDEX events_errors ON events (workspace_id, started_at) WHERE error_type IS NOT NULL;

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['advice', 'advice_dismissals', 'advice_marks']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT, DELETE ON advice TO interlock_app;
GRANT UPDATE (facts, from_at, to_at, month_picos, n) ON advice TO interlock_app;
GRANT SELECT, INSERT ON advice_dismissals, advice_marks TO interlock_app;
GRANT UPDATE (ended_by, ended_at) ON advice_dismissals TO interlock_app;
GRANT UPDATE (evaluated_at) ON advice_marks TO interlock_app;
