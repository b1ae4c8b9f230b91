-- What people do after the fact: take an approval back before it is used, look at calls nobody was asked about, and learn
-- that what they approved was rolled back.

-- One a request: an approval that a person took back before its call came. The request itself is `withdrawn`.
CREATE TABLE approval_revocations (
  approval_id uuid PRIMARY KEY REFERENCES approvals (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL
);

-- What a person thought of a call that ran without anyone being asked. Evidence, and nothing else: it changes no verdict.
CREATE TABLE audit_answers (
  decision_id uuid NOT NULL,
  member_id uuid NOT NULL REFERENCES members (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  answer text NOT NULL CHECK (answer IN ('fine','should_have_asked')),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (decision_id, member_id)
);
CREATE INDEX audit_answers_workspace ON audit_answers (workspace_id, created_at DESC);

-- Who has seen that a call they approved was rolled back or regretted.
CREATE TABLE regret_notices (
  decision_id uuid NOT NULL,
  member_id uuid NOT NULL REFERENCES members (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (decision_id, member_id)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['approval_revocations','audit_answers','regret_notices'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO interlock_app', t);
  END LOOP;
END $$;

-- The history is searched by who decided, and by the call that used an approval.
CREATE INDEX IF NOT EXISTS votes_member ON votes (workspace_id, member_id);
CREATE INDEX IF NOT EXISTS approvals_consumed_by ON approvals (consumed_by) WHERE consumed_by IS NOT NULL;
