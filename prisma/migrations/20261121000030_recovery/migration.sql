-- Coming back: from a halt with two people's consent, from a stop by way of reads alone, and from not knowing by asking.

-- What a resumed run may use beyond its manifest's bounds. Without it a run that met a bound would halt again at once.
ALTER TABLE runs
  ADD COLUMN extra_steps integer NOT NULL DEFAULT 0 CHECK (extra_steps >= 0),
  ADD COLUMN extra_seconds integer NOT NULL DEFAULT 0 CHECK (extra_seconds >= 0),
  ADD COLUMN extra_cost_micros bigint NOT NULL DEFAULT 0 CHECK (extra_cost_micros >= 0);

-- Both people name the same numbers. A person who named others may name them anew: the ledger keeps what was said before.
ALTER TABLE stop_consents
  ADD COLUMN extra_steps integer NOT NULL DEFAULT 0 CHECK (extra_steps >= 0),
  ADD COLUMN extra_seconds integer NOT NULL DEFAULT 0 CHECK (extra_seconds >= 0),
  ADD COLUMN extra_cost_micros bigint NOT NULL DEFAULT 0 CHECK (extra_cost_micros >= 0);
GRANT UPDATE (note, created_at, extra_steps, extra_seconds, extra_cost_micros) ON stop_consents TO interlock_app;

-- `stopped` stays what the engine obeys; `stage` says how far a workspace is on its way back.
ALTER TABLE workspace_controls
  ADD COLUMN stage text NOT NULL DEFAULT 'running' CHECK (stage IN ('running','stopped','reads_only')),
  ADD COLUMN stage_since timestamptz NOT NULL DEFAULT now();
UPDATE workspace_controls SET stage = 'stopped' WHERE stopped;
ALTER TABLE workspace_controls ADD CONSTRAINT stage_agrees CHECK (stopped = (stage = 'stopped'));

-- What a person found out about a call of which nobody knows whether it ran. Said once, never changed.
CREATE TABLE execution_answers (
  decision_id uuid PRIMARY KEY REFERENCES executions (decision_id),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  ran boolean NOT NULL,
  note text NOT NULL,
  member_id uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL
);
CREATE INDEX executions_unknown ON executions (workspace_id, created_at) WHERE state = 'unknown';
ALTER TABLE execution_answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace ON execution_answers TO interlock_app
  USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace());
GRANT SELECT, INSERT ON execution_answers TO interlock_app;
