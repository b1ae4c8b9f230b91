-- Two people are two people: how each member came to be one, and what ties one account to another for a while.

-- For so long two people who are tied count as one. Kept with the workspace, so that every process and every function
-- counts by the same number.
ALTER TABLE workspaces
  ADD COLUMN cooling_off_hours double precision NOT NULL DEFAULT 72 CHECK (cooling_off_hours >= 0);

-- A member without `joined_at` is invited and cannot act. `verified_at`: signed in through the identity provider.
ALTER TABLE members
  ADD COLUMN origin text NOT NULL DEFAULT 'invitation' CHECK (origin IN ('installation', 'invitation')),
  ADD COLUMN joined_at timestamptz,
  ADD COLUMN verified_at timestamptz;
UPDATE members SET joined_at = created_at;
UPDATE members m SET origin = 'installation'
  WHERE m.id = (SELECT f.id FROM members f WHERE f.workspace_id = m.workspace_id ORDER BY f.created_at, f.id LIMIT 1);

-- What makes two accounts count as one person until it has cooled off or is ended.
CREATE TABLE member_ties (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  by_member uuid NOT NULL REFERENCES members (id),
  kind text NOT NULL CHECK (kind IN ('invitation', 'roles', 'credentials', 'separation')),
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- Who confirmed it; null when the identity provider did.
  ended_by uuid REFERENCES members (id),
  CHECK (member_id <> by_member)
);
CREATE INDEX member_ties_open ON member_ties (workspace_id, created_at) WHERE ended_at IS NULL;
-- Whoever was there before is taken to have joined on the first member's invitation: in doubt they are one.
INSERT INTO member_ties (id, workspace_id, member_id, by_member, kind, created_at)
  SELECT gen_random_uuid(), m.workspace_id, m.id, f.id, 'invitation', m.created_at
  FROM members m JOIN members f ON f.workspace_id = m.workspace_id AND f.origin = 'installation' WHERE m.id <> f.id;

-- A link with which one person sets up their own account, once.
CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  -- Null for those who are set up with the installation.
  invited_by uuid REFERENCES members (id),
  code_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  -- Set when another link or the identity provider took its place.
  closed_at timestamptz
);
CREATE INDEX invitations_open ON invitations (member_id) WHERE accepted_at IS NULL AND closed_at IS NULL;

-- Every handover of an agent. Written by the trigger alone, so that no path forgets it.
CREATE TABLE dri_changes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  from_member uuid NOT NULL REFERENCES members (id),
  to_member uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX dri_changes_agent ON dri_changes (agent_id, created_at);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['member_ties','invitations','dri_changes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON member_ties TO interlock_app;
GRANT SELECT, INSERT, UPDATE (accepted_at, closed_at) ON invitations TO interlock_app;
GRANT SELECT ON dri_changes TO interlock_app;
-- What a version changes is judged again when it is published.
GRANT UPDATE (change) ON manifests TO interlock_app;
GRANT UPDATE (change) ON guardrails TO interlock_app;
