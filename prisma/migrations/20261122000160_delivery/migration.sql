-- Telling people and machines outside: where to, what was sent, and who wants to hear it when.

CREATE TABLE destinations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  kind text NOT NULL CHECK (kind IN ('webhook','slack','email')),
  name text NOT NULL,
  -- An https address, a Slack channel's id, an e-mail address.
  address text NOT NULL,
  -- Told of this agent only; null of all.
  agent_id uuid REFERENCES agents (id),
  events text[] NOT NULL,
  least_band text NOT NULL DEFAULT 'low' CHECK (least_band IN ('low','elevated','high','critical')),
  -- Encrypted by the application; the database alone cannot sign or speak for the workspace.
  sealed bytea,
  -- The secret before the last, which signs beside it until then.
  sealed_before bytea,
  before_until timestamptz,
  state text NOT NULL DEFAULT 'on' CHECK (state IN ('on','off','failing','removed')),
  -- Attempts that failed since the last that did not.
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL
);
CREATE INDEX destinations_of ON destinations (workspace_id) WHERE state <> 'removed';

-- One message: about one subject, to one destination, one person or one agent's call-back. What happens to the subject
-- later is added to `stages`; `told` counts how many of them have been told.
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
  -- What the other side calls the message: Slack's channel and ts.
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
CREATE UNIQUE INDEX deliveries_one_a_destination ON deliveries (destination_id, subject) WHERE destination_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_one_a_person ON deliveries (member_id, subject) WHERE member_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_one_an_agent ON deliveries (agent_id, subject) WHERE agent_id IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (workspace_id, due_at) WHERE state IN ('planned','pending','digest');
CREATE INDEX deliveries_latest ON deliveries (workspace_id, id);
CREATE INDEX deliveries_of_approval ON deliveries (approval_id) WHERE approval_id IS NOT NULL;

-- How far the outbox has been read for deliveries. `held_at` is set when the database is a restored copy: what it says
-- is to be sent may have been sent long ago.
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
  -- Minutes of the day in that zone; both null: no quiet hours.
  quiet_from integer CHECK (quiet_from BETWEEN 0 AND 1439),
  quiet_to integer CHECK (quiet_to BETWEEN 0 AND 1439),
  critical_breaks boolean NOT NULL DEFAULT false,
  hourly_cap integer NOT NULL CHECK (hourly_cap BETWEEN 2 AND 100),
  CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

-- Each thing that was sent to a person, so that the hour's cap holds over restarts.
CREATE TABLE personal_sends (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  digest boolean NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX personal_sends_hour ON personal_sends (member_id, at);

-- Who is called, in their order; `now` is the one on call.
CREATE TABLE on_call (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  members uuid[] NOT NULL,
  now uuid REFERENCES members (id),
  changed_by uuid NOT NULL REFERENCES members (id),
  changed_at timestamptz NOT NULL
);

-- Which person a Slack user is. Said by an administrator or with a code the person read on our own screen.
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
-- Signatures that were used: each opens once.
CREATE TABLE slack_signatures (
  hash bytea PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  at timestamptz NOT NULL
);

-- Requests that nobody who could answer had before them in time.
CREATE TABLE unseen_approvals (
  approval_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  half_at timestamptz,
  expired_at timestamptz
);
CREATE INDEX unseen_approvals_week ON unseen_approvals (workspace_id, expired_at);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['destinations','deliveries','delivery_cursors','notification_preferences','personal_sends','on_call',
    'slack_links','slack_codes','slack_signatures','unseen_approvals'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO interlock_app', t);
  END LOOP;
END $$;
REVOKE DELETE ON destinations, unseen_approvals FROM interlock_app;

-- Slack names a message of ours or a code, not a workspace. Both are asked for before the signature can be checked, so
-- each answers only where to look for the secret it is checked with.
CREATE FUNCTION find_delivery_workspace(delivery uuid) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT d.workspace_id FROM deliveries d WHERE d.id = delivery $$;

CREATE FUNCTION find_slack_code_workspace(code_hash bytea) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT c.workspace_id FROM slack_codes c WHERE c.hash = code_hash AND c.used_at IS NULL AND c.expires_at > clock_timestamp() $$;

-- How long the message that has waited longest has been due, over all workspaces, and how long ago the outbox was read.
CREATE FUNCTION delivery_lag() RETURNS TABLE (due_seconds double precision, read_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT
     coalesce((SELECT greatest(0, extract(epoch FROM clock_timestamp() - min(d.due_at))) FROM deliveries d
       JOIN delivery_cursors c ON c.workspace_id = d.workspace_id AND c.held_at IS NULL
       LEFT JOIN destinations o ON o.id = d.destination_id
       WHERE d.state IN ('planned','pending') AND d.attempts = 0 AND coalesce(o.state, 'on') = 'on'), 0)::float8,
     coalesce((SELECT extract(epoch FROM clock_timestamp() - min(c.read_at)) FROM delivery_cursors c WHERE c.held_at IS NULL), 0)::float8 $$;
REVOKE ALL ON FUNCTION find_delivery_workspace, find_slack_code_workspace, delivery_lag FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_delivery_workspace, find_slack_code_workspace, delivery_lag TO interlock_app;
