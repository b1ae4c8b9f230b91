-- What loosens and is no version of a document (an agent's level and environment, a tool's class) takes two people too:
-- one proposes it, and it holds once another, independent person has asked for the very same.
CREATE TABLE proposals (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  kind text NOT NULL CHECK (kind IN ('agent.level', 'agent.environment', 'tool.class')),
  -- The agent's handle or the tool's name.
  subject text NOT NULL,
  content jsonb NOT NULL,
  -- Digest of the content and of what it was proposed against: when that has changed, it is another proposal.
  digest text NOT NULL,
  reason text NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'confirmed', 'superseded')),
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_by uuid REFERENCES members (id),
  settled_at timestamptz,
  -- The transaction that confirmed it: it may change what was proposed, and no later one may.
  settled_in xid8,
  CHECK ((state = 'pending') = (settled_at IS NULL)),
  CHECK (state <> 'confirmed' OR (settled_by IS NOT NULL AND settled_by <> created_by AND settled_in IS NOT NULL))
);
CREATE UNIQUE INDEX proposals_pending ON proposals (workspace_id, kind, subject) WHERE state = 'pending';
CREATE INDEX proposals_subject ON proposals (workspace_id, kind, subject, created_at);

ALTER TABLE proposals ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace ON proposals TO interlock_app
  USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace());
GRANT SELECT, INSERT, UPDATE (state, settled_by, settled_at, settled_in) ON proposals TO interlock_app;

-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;

-- Trigger: refuses to raise an agent's level, to move an agent that has a manifest to another environment, or to
-- loosen a tool's class, unless one person proposed exactly that and another, independent one confirmed it in this
-- transaction. Its arguments are the kind of proposal and the column that holds what was proposed.
CREATE OR REPLACE FUNCTION refuse_lone_loosening() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_row jsonb := to_jsonb(NEW);
  v_dris uuid[] := CASE TG_TABLE_NAME WHEN 'agents' THEN dris_lately(NEW.id, v_now) END;
BEGIN
  IF NOT EXISTS (
    SELECT FROM proposals p
    WHERE p.workspace_id = NEW.workspace_id AND p.kind = TG_ARGV[0] AND p.state = 'confirmed'
      AND p.subject = coalesce(v_row ->> 'handle', v_row ->> 'name') AND p.settled_in = pg_current_xact_id()
      AND p.content ->> TG_ARGV[1] = v_row ->> TG_ARGV[1] AND are_two_people(p.created_by, p.settled_by, v_now)
      AND NOT coalesce(v_dris && (answers_for(p.created_by, v_now) || answers_for(p.settled_by, v_now)), false)) THEN
    RAISE EXCEPTION 'what loosens takes two people'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'loosening_two_people';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER level_two_people BEFORE UPDATE OF level ON agents
  FOR EACH ROW WHEN (NEW.level > OLD.level) EXECUTE FUNCTION refuse_lone_loosening('agent.level', 'level');
CREATE OR REPLACE TRIGGER environment_two_people BEFORE UPDATE OF environment ON agents
  FOR EACH ROW WHEN (NEW.environment <> OLD.environment AND OLD.manifest_version IS NOT NULL)
  EXECUTE FUNCTION refuse_lone_loosening('agent.environment', 'environment');
CREATE OR REPLACE TRIGGER class_two_people BEFORE UPDATE OF reversibility, blast_radius ON tools
  FOR EACH ROW WHEN (
    array_position(ARRAY['read', 'reversible', 'partially_reversible', 'irreversible'], NEW.reversibility)
      < array_position(ARRAY['read', 'reversible', 'partially_reversible', 'irreversible'], OLD.reversibility)
    OR array_position(ARRAY['none', 'low', 'medium', 'high'], NEW.blast_radius)
      < array_position(ARRAY['none', 'low', 'medium', 'high'], OLD.blast_radius))
  EXECUTE FUNCTION refuse_lone_loosening('tool.class', 'hash');
