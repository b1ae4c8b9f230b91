-- Whoever decides holds a small batch, not an inbox. A lease says who looks at an action now; it gives and takes no right.

CREATE TABLE batches (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  taken_at timestamptz NOT NULL,
  -- Its leases never reach beyond this.
  ends_at timestamptz NOT NULL CHECK (ends_at > taken_at),
  renewed_at timestamptz,
  ended_at timestamptz
);
-- Nobody holds two batches.
CREATE UNIQUE INDEX batches_one_open ON batches (workspace_id, member_id) WHERE ended_at IS NULL;
CREATE INDEX batches_member ON batches (workspace_id, member_id, id);

-- What a batch was taken with, for its result; `position` grows when an action is put off.
CREATE TABLE batch_items (
  batch_id uuid NOT NULL REFERENCES batches (id),
  approval_id uuid NOT NULL REFERENCES approvals (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  position integer NOT NULL,
  deferred_at timestamptz,
  -- When it left this batch for another person or the pool, and for whom.
  left_at timestamptz,
  left_to uuid REFERENCES members (id),
  PRIMARY KEY (batch_id, approval_id)
);
CREATE INDEX batch_items_approval ON batch_items (approval_id);

-- One seat for each answer that is still missing; the key is what two people who reach for one action at once meet.
CREATE TABLE leases (
  approval_id uuid NOT NULL REFERENCES approvals (id),
  seat integer NOT NULL CHECK (seat BETWEEN 1 AND 100),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  -- Null while it was handed to somebody who has not taken it into a batch.
  batch_id uuid REFERENCES batches (id),
  taken_at timestamptz NOT NULL,
  until timestamptz NOT NULL CHECK (until > taken_at),
  handed_by uuid REFERENCES members (id),
  note text NOT NULL DEFAULT '',
  -- Who asked for it last.
  asked_by uuid REFERENCES members (id),
  asked_at timestamptz,
  PRIMARY KEY (approval_id, seat),
  UNIQUE (approval_id, member_id)
);
CREATE INDEX leases_member ON leases (workspace_id, member_id, until);
CREATE INDEX leases_batch ON leases (batch_id);

-- The desk reads what waits from here, never the table: lanes are counted in the first, batches chosen from the first two.
CREATE INDEX approvals_desk_score ON approvals (workspace_id, band, score DESC, expires_at, id)
  INCLUDE (agent_id, approver_role, separation_of_duties, dri_at_request, quorum) WHERE state = 'waiting';
CREATE INDEX approvals_desk_due ON approvals (workspace_id, band, expires_at, id)
  INCLUDE (agent_id, approver_role, separation_of_duties, dri_at_request, quorum, score) WHERE state = 'waiting';
-- What one agent asks of one tool, for what is alike.
CREATE INDEX approvals_alike ON approvals (agent_id, tool, id) WHERE state = 'waiting';

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['batches','batch_items','leases'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON batches, batch_items TO interlock_app;
GRANT UPDATE (renewed_at, ended_at) ON batches TO interlock_app;
GRANT UPDATE (position, deferred_at, left_at, left_to) ON batch_items TO interlock_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO interlock_app;
