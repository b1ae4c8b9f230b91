-- What no agent of a workspace may do. Immutable like manifests: content never changes, only a pending version may become
-- published or rejected, and a published one superseded.
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

-- What a tool's server says about it; believed only where it tightens.
ALTER TABLE tools ADD COLUMN hints jsonb;

-- From when on an agent's evidence counts: what it did at another level says nothing about this one.
ALTER TABLE agents ADD COLUMN level_changed_at timestamptz NOT NULL DEFAULT now();

ALTER TABLE guardrails ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace ON guardrails TO interlock_app
  USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace());
GRANT SELECT, INSERT ON guardrails TO interlock_app;
GRANT UPDATE (state, published_by, published_at) ON guardrails TO interlock_app;
