-- Every row carries its workspace. Ids are UUIDv7 made by the application, so they sort by time on any supported server.
-- Closed sets are text with a CHECK: the same words as the Zod enums, readable in every tool.

CREATE TABLE workspaces (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  demo boolean NOT NULL DEFAULT false,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The control row: read under a shared workspace lock by every decision, changed only under the exclusive one.
-- `epoch` moves with everything the engine caches for the whole workspace: stop, resume, catalogue, guardrails.
CREATE TABLE workspace_controls (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  epoch bigint NOT NULL DEFAULT 1,
  stopped boolean NOT NULL DEFAULT false
);

CREATE TABLE members (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  email text NOT NULL CHECK (email = lower(email)),
  name text NOT NULL,
  roles text[] NOT NULL CHECK (roles <@ ARRAY['viewer','reviewer','operator','policy_admin','admin']),
  password_hash text,
  disabled_at timestamptz,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, email)
);
CREATE INDEX members_email ON members (email);

-- A signed-in browser. The cookie names this row; ending it ends the session at once, whatever the cookie says.
CREATE TABLE sign_ins (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);

-- Failed and successful attempts by account and by address; not tied to a workspace because none is known yet.
CREATE TABLE sign_in_attempts (
  key text PRIMARY KEY,
  tokens double precision NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE personal_tokens (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  name text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  hint text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);

CREATE TABLE agents (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  handle text NOT NULL,
  task text NOT NULL,
  dri_id uuid NOT NULL REFERENCES members (id),
  owners jsonb NOT NULL DEFAULT '{}',
  environment text NOT NULL CHECK (environment IN ('development','staging','production')),
  status text NOT NULL CHECK (status IN ('draft','active','suspended','retired')),
  level integer NOT NULL CHECK (level BETWEEN 1 AND 4),
  manifest_version integer,
  epoch bigint NOT NULL DEFAULT 1,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, handle)
);

CREATE TABLE credentials (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  hash bytea NOT NULL UNIQUE,
  hint text NOT NULL,
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['decide','ingest','context']),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX credentials_agent ON credentials (agent_id);

CREATE TABLE tools (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  name text NOT NULL,
  skeleton text NOT NULL,
  description text NOT NULL DEFAULT '',
  args_schema jsonb NOT NULL,
  result_schema jsonb,
  reversibility text NOT NULL CHECK (reversibility IN ('read','reversible','partially_reversible','irreversible')),
  blast_radius text NOT NULL CHECK (blast_radius IN ('none','low','medium','high')),
  scope_argument text,
  owner text NOT NULL DEFAULT '',
  status text NOT NULL CHECK (status IN ('active','quarantined')),
  hash text NOT NULL,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, name),
  UNIQUE (workspace_id, skeleton)
);

-- Immutable once published: content never changes, only a pending version may become published or rejected.
CREATE TABLE manifests (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('pending','published','superseded','rejected')),
  text text NOT NULL,
  content jsonb NOT NULL,
  hash text NOT NULL,
  change text NOT NULL CHECK (change IN ('first','narrowing','neutral','widening')),
  created_by uuid REFERENCES members (id),
  published_by uuid REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  UNIQUE (agent_id, version)
);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  external_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (agent_id, external_id)
);
CREATE INDEX sessions_workspace ON sessions (workspace_id, id DESC);

CREATE TABLE runs (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  session_id uuid NOT NULL REFERENCES sessions (id),
  external_id text NOT NULL,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running','halted','ended')),
  halted_reason text,
  steps integer NOT NULL DEFAULT 0,
  allowed integer NOT NULL DEFAULT 0,
  asked integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  cost_micros bigint NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  UNIQUE (session_id, external_id)
);
CREATE INDEX runs_workspace ON runs (workspace_id, id DESC);
CREATE INDEX runs_agent ON runs (agent_id, id DESC);

-- Partitioned by id: UUIDv7 is time, so a day is a range of ids, the primary key needs no second column and a lookup
-- by id touches one partition. Operational data: dropped by partition when its retention ends.
CREATE TABLE decisions (
  id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  credential_id uuid,
  session_id uuid NOT NULL,
  run_id uuid NOT NULL,
  call_id text NOT NULL,
  step integer NOT NULL,
  tool text NOT NULL,
  tool_hash text NOT NULL,
  action_digest text NOT NULL,
  call jsonb NOT NULL,
  salt bytea NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('allow','require_approval','recommend','deny','halt')),
  rule text,
  reasons jsonb NOT NULL,
  checks jsonb NOT NULL,
  risk jsonb NOT NULL,
  facts jsonb NOT NULL,
  manifest_version integer,
  manifest_hash text,
  approval_id uuid,
  reserved_micros bigint NOT NULL DEFAULT 0,
  remaining jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE TABLE decisions_default PARTITION OF decisions DEFAULT;
CREATE INDEX decisions_workspace ON decisions (workspace_id, id DESC);
CREATE INDEX decisions_run ON decisions (run_id, id);
CREATE INDEX decisions_agent ON decisions (agent_id, tool, id DESC);

-- Who asked for what under which key; the answer itself is the decision's row. Kept 30 days.
CREATE TABLE idempotency_keys (
  workspace_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  session text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  decision_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agent_id, session, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE approvals (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  session_id uuid NOT NULL REFERENCES sessions (id),
  run_id uuid NOT NULL REFERENCES runs (id),
  decision_id uuid NOT NULL,
  tool text NOT NULL,
  action_digest text NOT NULL,
  manifest_version integer NOT NULL,
  state text NOT NULL CHECK (state IN
    ('waiting','approved','denied','returned','expired','withdrawn','superseded','consumed')),
  -- What a reviewer is shown, made once from the canonical call; `display_digest` is its digest.
  display jsonb NOT NULL,
  display_digest text NOT NULL,
  score integer NOT NULL,
  band text NOT NULL CHECK (band IN ('low','elevated','high','critical')),
  quorum integer NOT NULL CHECK (quorum >= 1),
  approver_role text NOT NULL,
  separation_of_duties boolean NOT NULL,
  dri_at_request uuid NOT NULL,
  note text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  settled_at timestamptz,
  consumed_by uuid
);
CREATE INDEX approvals_state ON approvals (workspace_id, state, id);
CREATE INDEX approvals_due ON approvals (expires_at) WHERE state IN ('waiting','approved');
CREATE INDEX approvals_run ON approvals (run_id);
-- An agent that asks again for the very same thing joins the open request instead of making another.
CREATE UNIQUE INDEX approvals_one_waiting ON approvals (agent_id, action_digest) WHERE state = 'waiting';

CREATE TABLE votes (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  approval_id uuid NOT NULL REFERENCES approvals (id),
  member_id uuid NOT NULL REFERENCES members (id),
  verdict text NOT NULL CHECK (verdict IN ('approve','deny','return')),
  note text NOT NULL DEFAULT '',
  display_digest text NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (approval_id, member_id)
);

-- When a reviewer first had the action on screen; what a dwell time is counted from.
CREATE TABLE approval_views (
  approval_id uuid NOT NULL REFERENCES approvals (id),
  member_id uuid NOT NULL REFERENCES members (id),
  workspace_id uuid NOT NULL,
  first_at timestamptz NOT NULL,
  PRIMARY KEY (approval_id, member_id)
);

-- The single-use permission that follows an approval.
CREATE TABLE grants (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  approval_id uuid NOT NULL UNIQUE REFERENCES approvals (id),
  action_digest text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  consumed_at timestamptz,
  consumed_by uuid
);

-- One row for each allow: what may run, and what became of it.
CREATE TABLE executions (
  decision_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  approval_id uuid UNIQUE,
  action_digest text NOT NULL,
  reserved_micros bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'granted' CHECK (state IN
    ('granted','dispatching','succeeded','failed','failed_validation','unknown','unreported')),
  created_at timestamptz NOT NULL
);
CREATE INDEX executions_open ON executions (created_at) WHERE state IN ('granted','dispatching');

CREATE TABLE outcomes (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  decision_id uuid NOT NULL UNIQUE,
  run_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN
    ('success','retry','failed_validation','human_review_required','error','unknown')),
  claimed text NOT NULL,
  faults jsonb NOT NULL DEFAULT '[]',
  result_hash text,
  cost_micros bigint,
  tokens bigint,
  latency_ms integer,
  created_at timestamptz NOT NULL
);
CREATE INDEX outcomes_workspace ON outcomes (workspace_id, id DESC);

-- Money and counts that may not be exceeded. `period` is '' for the life of the scope, else a UTC day or hour.
CREATE TABLE budgets (
  workspace_id uuid NOT NULL,
  scope text NOT NULL CHECK (scope IN ('run','agent','workspace')),
  scope_id uuid NOT NULL,
  metric text NOT NULL CHECK (metric IN ('cost_micros','tokens')),
  period text NOT NULL DEFAULT '',
  limit_amount bigint NOT NULL,
  used bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  -- What was really spent beyond what the limit could hold: reported after the fact, never hidden.
  overrun bigint NOT NULL DEFAULT 0 CHECK (overrun >= 0),
  PRIMARY KEY (scope_id, metric, period),
  CHECK (used + reserved <= limit_amount)
);

-- Append-only. `body` holds only strings, integers, booleans, null, lists and objects, so its canonical form (RFC 8785)
-- is a function of its value; the leaf is that form's hash, set with the index by the sequencer.
CREATE TABLE ledger_entries (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  kind text NOT NULL,
  body jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX ledger_entries_workspace ON ledger_entries (workspace_id, id);
CREATE INDEX ledger_entries_kind ON ledger_entries (workspace_id, kind, id);

-- The sequencer's own table, so that entries need never be updated.
CREATE TABLE ledger_leaves (
  workspace_id uuid NOT NULL,
  leaf_index bigint NOT NULL,
  entry_id uuid NOT NULL UNIQUE REFERENCES ledger_entries (id),
  leaf_hash text NOT NULL,
  PRIMARY KEY (workspace_id, leaf_index)
);

CREATE TABLE ledger_heads (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  size bigint NOT NULL DEFAULT 0,
  root_hash text NOT NULL,
  -- Hashes of the perfect subtrees the tree consists of, largest first (the compact range).
  frontier text[] NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL
);

-- Events for screens and integrations. `xid` lets a reader take only rows whose every older neighbour is visible,
-- which a sequence cannot promise.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_order ON outbox (workspace_id, xid, id);
CREATE INDEX outbox_age ON outbox (created_at);

CREATE TABLE stops (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  scope text NOT NULL CHECK (scope IN ('workspace','agent','run')),
  target_id uuid,
  reason text NOT NULL,
  requested_by uuid REFERENCES members (id),
  requested_at timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  resumed_by uuid REFERENCES members (id),
  resumed_at timestamptz,
  resume_note text
);
CREATE INDEX stops_open ON stops (workspace_id) WHERE resumed_at IS NULL;
