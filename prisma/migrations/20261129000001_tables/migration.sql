-- The role the application works as. It sees only rows of the workspace named in the setting `interlock.workspace_id`
-- of its transaction. Created here, because the functions and the policies that follow are granted to it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'interlock_app') THEN
    CREATE ROLE interlock_app NOLOGIN;
  END IF;
  EXECUTE format('GRANT interlock_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION USING MESSAGE = format(
    'The user %1$s may not create the role interlock_app. Have an administrator run: '
    'CREATE ROLE interlock_app NOLOGIN; GRANT interlock_app TO %1$s;', current_user);
END $$;

-- Every row has its workspace. Ids are UUIDv7 made by the application, so they sort by time on every supported server.
-- Closed sets are text with a CHECK and use the words of the Zod enums, so that they are readable in every tool.

CREATE TABLE workspaces (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  demo boolean NOT NULL DEFAULT false,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Every decision reads this row under a shared workspace lock; a change takes the lock exclusively. `epoch` grows with
-- each change to what the engine caches for the whole workspace: stop, resume, catalogue, guardrails.
CREATE TABLE workspace_controls (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  epoch bigint NOT NULL DEFAULT 1,
  stopped boolean NOT NULL DEFAULT false,
  -- The engine obeys `stopped`. `stage` says how far a stopped workspace has been resumed.
  stage text NOT NULL DEFAULT 'running' CHECK (stage IN ('running','stopped','reads_only')),
  stage_since timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT stage_agrees CHECK (stopped = (stage = 'stopped'))
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
  -- Accounts of one person share this and count as one. Null when the person has only this account.
  person_id uuid REFERENCES members (id),
  UNIQUE (workspace_id, email)
);
CREATE INDEX members_email ON members (email);
CREATE INDEX members_person ON members (person_id) WHERE person_id IS NOT NULL;

-- A signed-in browser. The cookie names this row, and ending the row ends the session at once.
CREATE TABLE sign_ins (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);

-- Sign-in attempts left, by account and by address. No workspace, because none is known before sign-in.
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
  -- Evidence counts from here: what the agent did at another level says nothing about this one.
  level_changed_at timestamptz NOT NULL DEFAULT now(),
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
  -- Hints the tool's server gives. They are believed only where they make the policy stricter.
  hints jsonb,
  UNIQUE (workspace_id, name),
  UNIQUE (workspace_id, skeleton)
);

-- Content never changes. Only `state` does, from pending to published or rejected, and from published to superseded.
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
  -- What a resumed run may use beyond its manifest's bounds. Without it, a run that met a bound would halt again at
  -- once.
  extra_steps integer NOT NULL DEFAULT 0 CHECK (extra_steps >= 0),
  extra_seconds integer NOT NULL DEFAULT 0 CHECK (extra_seconds >= 0),
  extra_cost_micros bigint NOT NULL DEFAULT 0 CHECK (extra_cost_micros >= 0),
  -- The action of the last call, how often it was made in a row, and its last reported result.
  last_action text,
  same_calls integer NOT NULL DEFAULT 0,
  last_result text,
  -- Failed outcomes of this run. At 0, no call of the run can be a retry.
  failures integer NOT NULL DEFAULT 0,
  -- How far its allowed calls reached: environments, hosts, domains, scopes. Null is not known, which counts at its worst.
  reach jsonb,
  UNIQUE (session_id, external_id)
);
CREATE INDEX runs_workspace ON runs (workspace_id, id DESC);
CREATE INDEX runs_agent ON runs (agent_id, id DESC);

-- Partitioned by id. A UUIDv7 begins with its time, so a day is a range of ids, the primary key needs no second column
-- and a look-up by id reads one partition. A partition is dropped when its retention ends.
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
  guardrail_version integer,
  guardrail_hash text,
  -- Kept for a call with an idempotency key, so that asking again gets the very same answer.
  receipt text,
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE TABLE decisions_default PARTITION OF decisions DEFAULT;
CREATE INDEX decisions_workspace ON decisions (workspace_id, id DESC);
CREATE INDEX decisions_run ON decisions (run_id, id);
CREATE INDEX decisions_agent ON decisions (agent_id, tool, id DESC);

-- Idempotency keys and the decisions they belong to. Kept 30 days.
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
  session_id uuid NOT NULL,
  run_id uuid NOT NULL,
  decision_id uuid NOT NULL,
  tool text NOT NULL,
  action_digest text NOT NULL,
  manifest_version integer NOT NULL,
  state text NOT NULL CHECK (state IN
    ('waiting','approved','denied','returned','expired','withdrawn','superseded','consumed')),
  -- What reviewers are shown, built once from the canonical call, and its digest.
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
  consumed_by uuid,
  -- How ledger entries name the action and the display. Null for requests made before these columns existed.
  action_ref text,
  display_ref text,
  escalated_at timestamptz,
  extended_at timestamptz,
  extended_by uuid REFERENCES members (id),
  -- Equal for equal requests of an agent in any session: tool, its definition and canonical arguments. Null for
  -- requests made before the column existed and for calibration items.
  args_digest text,
  -- The same without the values of the arguments.
  shape_digest text,
  -- The effect and the sources as they were shown, without the age of the sources.
  shown_digest text,
  -- The state of the data under the dry run, as the agent names it.
  base_digest text,
  base_moved_at timestamptz,
  rerun_requested_at timestamptz,
  superseded_by uuid,
  -- Who carries out what is approved: the agent that asked, or nobody for a calibration item.
  executor text NOT NULL DEFAULT 'agent' CHECK (executor IN ('agent','none')),
  -- The run and session of a calibration item are copies under other ids, so only an agent's own requests refer to
  -- them.
  agent_run_id uuid GENERATED ALWAYS AS (CASE WHEN executor = 'agent' THEN run_id END) STORED REFERENCES runs (id),
  agent_session_id uuid GENERATED ALWAYS AS (CASE WHEN executor = 'agent' THEN session_id END) STORED
    REFERENCES sessions (id),
  CONSTRAINT approvals_executor UNIQUE (id, executor),
  CONSTRAINT nobody_is_given_nothing CHECK (
    executor = 'agent' OR (consumed_by IS NULL AND state NOT IN ('approved','consumed'))
  )
);
CREATE INDEX approvals_state ON approvals (workspace_id, state, id);
CREATE INDEX approvals_due ON approvals (expires_at) WHERE state IN ('waiting','approved');
CREATE INDEX approvals_run ON approvals (run_id);
-- An agent that asks again for the same action joins the waiting request.
CREATE UNIQUE INDEX approvals_one_waiting ON approvals (agent_id, action_digest) WHERE state = 'waiting';
-- The desk reads waiting requests from these indexes alone: it counts lanes in the first and fills batches from both.
CREATE INDEX approvals_desk_score ON approvals (workspace_id, band, score DESC, expires_at, id)
  INCLUDE (agent_id, approver_role, separation_of_duties, dri_at_request, quorum) WHERE state = 'waiting';
CREATE INDEX approvals_desk_due ON approvals (workspace_id, band, expires_at, id)
  INCLUDE (agent_id, approver_role, separation_of_duties, dri_at_request, quorum, score) WHERE state = 'waiting';
-- Waiting requests of one agent for one tool, to group those that are alike.
CREATE INDEX approvals_alike ON approvals (agent_id, tool, id) WHERE state = 'waiting';
CREATE INDEX approvals_refused ON approvals (agent_id, args_digest, settled_at)
  WHERE state IN ('denied', 'returned') AND args_digest IS NOT NULL;
CREATE INDEX approvals_shape ON approvals (agent_id, shape_digest, created_at) WHERE shape_digest IS NOT NULL;
CREATE INDEX approvals_moved ON approvals (agent_id, action_digest)
  WHERE base_moved_at IS NOT NULL AND state = 'approved';
-- The history is searched by the call that used an approval.
CREATE INDEX approvals_consumed_by ON approvals (consumed_by) WHERE consumed_by IS NOT NULL;

CREATE TABLE votes (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  approval_id uuid NOT NULL REFERENCES approvals (id),
  member_id uuid NOT NULL REFERENCES members (id),
  verdict text NOT NULL CHECK (verdict IN ('approve','deny','return')),
  note text NOT NULL DEFAULT '',
  display_digest text NOT NULL,
  created_at timestamptz NOT NULL,
  -- Set when the vote was taken back, which is possible until the grant is usable. The row stays and no longer counts.
  undone_at timestamptz,
  for_member uuid REFERENCES members (id),
  -- Set by a trigger, so that a person has one standing vote whichever account they use.
  person_id uuid NOT NULL
);
CREATE UNIQUE INDEX votes_one_each ON votes (approval_id, member_id) WHERE undone_at IS NULL;
CREATE UNIQUE INDEX votes_one_person ON votes (approval_id, person_id) WHERE undone_at IS NULL;
-- The history is filtered by who decided.
CREATE INDEX votes_member ON votes (workspace_id, member_id);

-- When a reviewer first had the action on screen.
CREATE TABLE approval_views (
  approval_id uuid NOT NULL REFERENCES approvals (id),
  member_id uuid NOT NULL REFERENCES members (id),
  workspace_id uuid NOT NULL,
  first_at timestamptz NOT NULL,
  PRIMARY KEY (approval_id, member_id)
);

-- The permission that an approval gives, good for one call.
CREATE TABLE grants (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  approval_id uuid NOT NULL UNIQUE REFERENCES approvals (id),
  action_digest text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  consumed_at timestamptz,
  consumed_by uuid,
  -- The grant is good from here on. A job announces a grant that was not usable at once.
  usable_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  announced boolean NOT NULL DEFAULT true,
  -- Always 'agent': with the foreign key below, a calibration item can have no grant.
  executor text NOT NULL DEFAULT 'agent' CHECK (executor = 'agent'),
  CONSTRAINT grants_executor FOREIGN KEY (approval_id, executor) REFERENCES approvals (id, executor)
);
CREATE INDEX grants_unannounced ON grants (usable_at) WHERE NOT announced;

-- One row for each allowed call: its state and what it reserves.
CREATE TABLE executions (
  decision_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  approval_id uuid,
  action_digest text NOT NULL,
  reserved_micros bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'granted' CHECK (state IN
    ('granted','dispatching','succeeded','failed','failed_validation','unknown','unreported')),
  created_at timestamptz NOT NULL,
  reserved_tokens bigint NOT NULL DEFAULT 0,
  day text,
  CONSTRAINT executions_grant FOREIGN KEY (approval_id) REFERENCES grants (approval_id)
);
CREATE INDEX executions_open ON executions (created_at) WHERE state IN ('granted','dispatching');
CREATE INDEX executions_unknown ON executions (workspace_id, created_at) WHERE state = 'unknown';
CREATE UNIQUE INDEX executions_approval ON executions (approval_id) WHERE approval_id IS NOT NULL;

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

-- Amounts that may not be exceeded. `period` is a UTC day, or '' for the life of the scope.
CREATE TABLE budgets (
  workspace_id uuid NOT NULL,
  scope text NOT NULL CHECK (scope IN ('run','agent','workspace')),
  scope_id uuid NOT NULL,
  metric text NOT NULL CHECK (metric IN ('cost_micros','tokens')),
  period text NOT NULL DEFAULT '',
  limit_amount bigint NOT NULL,
  used bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  -- What was spent beyond the limit, as reported afterwards.
  overrun bigint NOT NULL DEFAULT 0 CHECK (overrun >= 0),
  PRIMARY KEY (scope_id, metric, period),
  CHECK (used + reserved <= limit_amount)
);

-- Append-only. `body` is canonical JSON (RFC 8785) of strings, integers, booleans, null, lists and objects. It is hashed as
-- it is stored: the leaf is the hash of this text.
CREATE TABLE ledger_entries (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  kind text NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX ledger_entries_workspace ON ledger_entries (workspace_id, id);
CREATE INDEX ledger_entries_kind ON ledger_entries (workspace_id, kind, id);

-- The place of each entry in the tree. A table of its own, so that entries are never updated.
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
  -- Roots of the perfect subtrees the tree consists of, largest first (the compact range).
  frontier text[] NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL
);

-- Events for screens and integrations. `xid` lets a reader stop before transactions that are still open, which a
-- sequence cannot.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_order ON outbox (workspace_id, xid, id);

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
  resume_note text,
  decision_id uuid
);
CREATE INDEX stops_open ON stops (workspace_id) WHERE resumed_at IS NULL;
-- A run has at most one open stop: a second breach of a halted run finds the first one's.
CREATE UNIQUE INDEX stops_one_open_run ON stops (target_id) WHERE scope = 'run' AND resumed_at IS NULL;
CREATE INDEX stops_run ON stops (target_id) WHERE scope = 'run';

-- One person's consent to resume a halted run. The consent of a second person ends the stop.
CREATE TABLE stop_consents (
  stop_id uuid NOT NULL REFERENCES stops (id),
  member_id uuid NOT NULL REFERENCES members (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  -- Both people must give the same numbers. A person may change theirs; the ledger keeps the earlier ones.
  extra_steps integer NOT NULL DEFAULT 0 CHECK (extra_steps >= 0),
  extra_seconds integer NOT NULL DEFAULT 0 CHECK (extra_seconds >= 0),
  extra_cost_micros bigint NOT NULL DEFAULT 0 CHECK (extra_cost_micros >= 0),
  PRIMARY KEY (stop_id, member_id)
);

-- `opened_by` is null when the system opened the incident.
CREATE TABLE incidents (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  run_id uuid REFERENCES runs (id),
  decision_id uuid,
  stop_id uuid REFERENCES stops (id),
  class text NOT NULL CHECK (class IN
    ('context_blindness','rogue_action','silent_degradation','memory_corruption','runaway_execution',
     'model_capability')),
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

-- Entries that have no place in the tree yet. A trigger fills it, so that no writer can leave an entry out. The order
-- is that of creation, so that an entry committed before another began comes first.
CREATE TABLE ledger_pending (
  workspace_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  entry_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, created_at, entry_id)
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);

-- Roots of the perfect subtrees of 256, 65,536 and so on leaves, so that a proof in a tree of any size reads a few
-- hundred rows.
CREATE TABLE ledger_nodes (
  workspace_id uuid NOT NULL,
  level smallint NOT NULL,
  node_index bigint NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (workspace_id, level, node_index)
);

-- The keys that sign checkpoints. `sealed` is the private half, encrypted with the server's secret. Auditors pin
-- `verifier_key`.
CREATE TABLE ledger_keys (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  verifier_key text NOT NULL UNIQUE,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  retired_at timestamptz
);
CREATE UNIQUE INDEX ledger_keys_active ON ledger_keys (workspace_id) WHERE retired_at IS NULL;

-- One signed root for each size: the primary key keeps a key from signing two histories.
CREATE TABLE ledger_checkpoints (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  size bigint NOT NULL,
  root_hash text NOT NULL,
  note text NOT NULL,
  key_id uuid NOT NULL REFERENCES ledger_keys (id),
  at timestamptz NOT NULL,
  -- The database's clock was behind the last checkpoint, whose time was used again.
  clock_regressed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (workspace_id, size)
);

-- Every definition a tool has had, by its hash, so that recorded verdicts can be judged again.
CREATE TABLE tool_versions (
  workspace_id uuid NOT NULL,
  hash text NOT NULL,
  definition jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, hash)
);

-- Decisions whose payload was erased: when, by whom and why.
CREATE TABLE payload_erasures (
  decision_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  erased_by uuid NOT NULL REFERENCES members (id),
  reason text NOT NULL,
  erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The last tree size that each place outside this database has received, and its last error.
CREATE TABLE ledger_anchors (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  destination text NOT NULL,
  size bigint NOT NULL DEFAULT 0,
  delivered_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  attempted_at timestamptz,
  last_error text,
  PRIMARY KEY (workspace_id, destination)
);

-- Restrictions for every agent of a workspace. Content never changes, as with manifests.
CREATE TABLE guardrails (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
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
  UNIQUE (workspace_id, version)
);
CREATE UNIQUE INDEX guardrails_one_in_force ON guardrails (workspace_id) WHERE state = 'published';

-- A person's answer to whether a call with an unknown outcome ran. Given once.
CREATE TABLE execution_answers (
  decision_id uuid PRIMARY KEY REFERENCES executions (decision_id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  ran boolean NOT NULL,
  note text NOT NULL,
  member_id uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL
);

-- The newest accepted reading of a source about a subject, which `max_change` compares with. Losing one only compares
-- with an older reading.
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

-- What an agent usually does with a tool, by day. A job counts new decisions and outcomes.
CREATE TABLE tool_usage (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  tool text NOT NULL,
  day date NOT NULL,
  uses bigint NOT NULL,
  approved bigint NOT NULL,
  PRIMARY KEY (agent_id, tool, day)
);

-- A logarithmic histogram of sizes. `most` is the largest value of the bucket, so that a percentile is a real value.
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

-- Which targets a tool was used on, by digest, and when last.
CREATE TABLE tool_targets (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  tool text NOT NULL,
  target_digest text NOT NULL,
  last_day date NOT NULL,
  PRIMARY KEY (agent_id, tool, target_digest)
);

-- How far the counting job has come.
CREATE TABLE usage_marks (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  decision_id uuid NOT NULL,
  outcome_id uuid NOT NULL
);

-- Approved calls that failed, were rolled back, or that a person said should not have been approved.
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

-- Counters of limits. `key` is a digest, so that no argument of a call is stored in clear. `bucket` is a sixtieth of
-- the limit's span, or 0 for a counter that lasts as long as its scope.
CREATE TABLE tallies (
  workspace_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  key text NOT NULL,
  bucket bigint NOT NULL,
  n bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (scope_id, key, bucket)
);
CREATE INDEX tallies_age ON tallies (updated_at);

-- Failures in a row of one tool for one agent. Whether the breaker is open or half-open follows from `failed_at`.
CREATE TABLE breakers (
  workspace_id uuid NOT NULL,
  agent_id uuid NOT NULL REFERENCES agents (id),
  tool text NOT NULL,
  failures integer NOT NULL,
  failed_at timestamptz NOT NULL,
  trial_at timestamptz,
  PRIMARY KEY (agent_id, tool)
);

-- The requests a reviewer has taken to decide.
CREATE TABLE batches (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  taken_at timestamptz NOT NULL,
  -- No lease of the batch lasts longer.
  ends_at timestamptz NOT NULL CHECK (ends_at > taken_at),
  renewed_at timestamptz,
  ended_at timestamptz
);
-- A member has at most one open batch.
CREATE UNIQUE INDEX batches_one_open ON batches (workspace_id, member_id) WHERE ended_at IS NULL;
CREATE INDEX batches_member ON batches (workspace_id, member_id, id);

-- The requests of a batch. `position` grows when one is put off.
CREATE TABLE batch_items (
  batch_id uuid NOT NULL REFERENCES batches (id),
  approval_id uuid NOT NULL REFERENCES approvals (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  position integer NOT NULL,
  deferred_at timestamptz,
  -- When it left the batch, and for whom. `left_to` is null when it went back to the pool.
  left_at timestamptz,
  left_to uuid REFERENCES members (id),
  PRIMARY KEY (batch_id, approval_id)
);
CREATE INDEX batch_items_approval ON batch_items (approval_id);

-- Who looks at a request now. There is a seat for each missing answer, and the key keeps two people off one seat. A
-- lease gives no right to vote.
CREATE TABLE leases (
  approval_id uuid NOT NULL REFERENCES approvals (id),
  seat integer NOT NULL CHECK (seat BETWEEN 1 AND 100),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  -- Null when it was handed to someone who has not taken it into a batch yet.
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

-- One member decides for another for a while. The delegate must have the role already.
CREATE TABLE delegations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  from_member uuid NOT NULL REFERENCES members (id),
  to_member uuid NOT NULL REFERENCES members (id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  -- Set when it was ended early.
  ended_at timestamptz,
  CHECK (from_member <> to_member),
  CHECK (ends_at > starts_at)
);
CREATE INDEX delegations_to ON delegations (to_member, ends_at);
CREATE INDEX delegations_from ON delegations (from_member, ends_at);

-- How long a person has looked at one display of a request. Only time between two beats of the page counts, up to a
-- limit, so that gaps, second tabs and hidden pages do not count.
CREATE TABLE approval_attention (
  approval_id uuid NOT NULL REFERENCES approvals (id),
  member_id uuid NOT NULL REFERENCES members (id),
  display_digest text NOT NULL,
  workspace_id uuid NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  seconds double precision NOT NULL DEFAULT 0 CHECK (seconds >= 0),
  PRIMARY KEY (approval_id, member_id, display_digest)
);

-- The secret of a person's authenticator app, encrypted with the server's secret.
CREATE TABLE step_up_keys (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  sealed bytea NOT NULL,
  -- SHA-256 of each recovery code.
  recovery bytea[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  removed_at timestamptz,
  CHECK (removed_at IS NULL OR (length(sealed) = 0 AND cardinality(recovery) = 0))
);
CREATE UNIQUE INDEX step_up_keys_one ON step_up_keys (member_id)
  WHERE removed_at IS NULL AND confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX step_up_keys_begun ON step_up_keys (member_id)
  WHERE removed_at IS NULL AND confirmed_at IS NULL;

-- The half minutes whose code a person has used. The key refuses a second use.
CREATE TABLE step_up_uses (
  member_id uuid NOT NULL REFERENCES members (id),
  step bigint NOT NULL,
  workspace_id uuid NOT NULL,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (member_id, step)
);

-- Requests that were refused because too many of the agent's were waiting, and until when it may not ask. There is no
-- row when it never asked too much or a person let it ask again.
CREATE TABLE floods (
  agent_id uuid PRIMARY KEY REFERENCES agents (id),
  workspace_id uuid NOT NULL,
  since timestamptz NOT NULL,
  refused integer NOT NULL,
  paused_until timestamptz
);

-- Where an agent is told what became of its requests. The sealed secret signs the messages.
CREATE TABLE agent_callbacks (
  agent_id uuid PRIMARY KEY REFERENCES agents (id),
  workspace_id uuid NOT NULL,
  url text NOT NULL,
  sealed_secret bytea NOT NULL,
  created_at timestamptz NOT NULL
);

-- Calibration items: past requests that must be refused, shown among real ones to measure how well reviewers see. The
-- foreign keys on `executor` keep them from ever running. `salt` seals the ledger entry written when the item is
-- closed.
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
CREATE INDEX calibration_items_results ON calibration_items (workspace_id, member_id, closed_at)
  WHERE result IS NOT NULL;

-- The run and decisions that a calibration item shows: copies of its source's under other ids and with today's times.
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
  -- The decision it copies, and by how much its times are later.
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

-- Open practice: five past actions, each with the answer at once. `items` and `answers` are lists.
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

-- Where messages of a workspace are sent.
CREATE TABLE destinations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  kind text NOT NULL CHECK (kind IN ('webhook','slack','email')),
  name text NOT NULL,
  -- An https address, a Slack channel's id, an e-mail address.
  address text NOT NULL,
  -- Null for all agents.
  agent_id uuid REFERENCES agents (id),
  events text[] NOT NULL,
  least_band text NOT NULL DEFAULT 'low' CHECK (least_band IN ('low','elevated','high','critical')),
  -- Encrypted by the application, so that the database alone cannot sign messages.
  sealed bytea,
  -- The previous secret, which also signs until `before_until`.
  sealed_before bytea,
  before_until timestamptz,
  state text NOT NULL DEFAULT 'on' CHECK (state IN ('on','off','failing','removed')),
  -- Failed attempts since the last success.
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL
);
CREATE INDEX destinations_of ON destinations (workspace_id) WHERE state <> 'removed';

-- One message about a subject, to a destination, a person or an agent's call-back. Later events of the subject are
-- added to `stages`; `told` counts those that have been sent.
CREATE TABLE deliveries (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  destination_id uuid REFERENCES destinations (id),
  member_id uuid REFERENCES members (id),
  agent_id uuid REFERENCES agents (id),
  subject text NOT NULL,
  approval_id uuid,
  stages jsonb NOT NULL,
  told integer NOT NULL DEFAULT 0,
  state text NOT NULL CHECK (state IN ('planned','pending','digest','digested','delivered','dead','held')),
  -- The message's id on the other side: Slack's channel and ts.
  handle text,
  due_at timestamptz NOT NULL,
  leased_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  attempted_at timestamptz,
  last_error text,
  digest_id uuid,
  created_at timestamptz NOT NULL,
  delivered_at timestamptz,
  CHECK (num_nonnulls(destination_id, member_id, agent_id) = 1)
);
CREATE UNIQUE INDEX deliveries_one_a_destination ON deliveries (destination_id, subject)
  WHERE destination_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_one_a_person ON deliveries (member_id, subject) WHERE member_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_one_an_agent ON deliveries (agent_id, subject) WHERE agent_id IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (workspace_id, due_at) WHERE state IN ('planned','pending','digest');
CREATE INDEX deliveries_latest ON deliveries (workspace_id, id);
CREATE INDEX deliveries_of_approval ON deliveries (approval_id) WHERE approval_id IS NOT NULL;

-- How far the outbox has been read for deliveries. `held_at` is set when the database is a restored copy, whose
-- messages may have been sent already.
CREATE TABLE delivery_cursors (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  xid xid8 NOT NULL,
  id uuid NOT NULL,
  held_at timestamptz,
  read_at timestamptz NOT NULL
);

CREATE TABLE notification_preferences (
  member_id uuid PRIMARY KEY REFERENCES members (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  channel text NOT NULL CHECK (channel IN ('email','slack','none')),
  zone text NOT NULL,
  -- Minutes of the day in that zone. Both are null when there are no quiet hours.
  quiet_from integer CHECK (quiet_from BETWEEN 0 AND 1439),
  quiet_to integer CHECK (quiet_to BETWEEN 0 AND 1439),
  critical_breaks boolean NOT NULL DEFAULT false,
  hourly_cap integer NOT NULL CHECK (hourly_cap BETWEEN 2 AND 100),
  CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

-- Messages sent to people, to keep to the hourly cap across restarts.
CREATE TABLE personal_sends (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  digest boolean NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX personal_sends_hour ON personal_sends (member_id, at);

-- The rota in its order. `now` is the member on call.
CREATE TABLE on_call (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  members uuid[] NOT NULL,
  now uuid REFERENCES members (id),
  changed_by uuid NOT NULL REFERENCES members (id),
  changed_at timestamptz NOT NULL
);

-- Which member a Slack user is, set by an administrator or with a code from the member's own screen.
CREATE TABLE slack_links (
  member_id uuid PRIMARY KEY REFERENCES members (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  slack_user_id text NOT NULL,
  linked_at timestamptz NOT NULL,
  UNIQUE (workspace_id, slack_user_id)
);

CREATE TABLE slack_codes (
  hash bytea PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Used signatures of Slack's requests. Each is accepted once.
CREATE TABLE slack_signatures (
  hash bytea PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  at timestamptz NOT NULL
);

-- Requests that no one who could answer saw before half their time, or before they expired.
CREATE TABLE unseen_approvals (
  approval_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  half_at timestamptz,
  expired_at timestamptz
);
CREATE INDEX unseen_approvals_week ON unseen_approvals (workspace_id, expired_at);

-- How far a waiting request has been routed: 0 to the owners, 1 to the member on call, 2 to everyone. Without it, each
-- round would check for every request and person whether they were told.
CREATE TABLE approval_routes (
  approval_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  step integer NOT NULL CHECK (step BETWEEN 0 AND 2)
);

-- Approvals that a person took back before the call came. The request is then `withdrawn`.
CREATE TABLE approval_revocations (
  approval_id uuid PRIMARY KEY REFERENCES approvals (id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL
);

-- What a person thought of a call that ran without approval. It is evidence and changes no verdict.
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
