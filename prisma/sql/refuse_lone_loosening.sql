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
