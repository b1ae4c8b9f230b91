-- Trigger: refuses to end a stop without the consents of two people who may resume now, do not answer for its agent and
-- have not lately.
CREATE OR REPLACE FUNCTION refuse_lone_resume() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_agent uuid := CASE NEW.scope WHEN 'agent' THEN NEW.target_id
    WHEN 'run' THEN (SELECT r.agent_id FROM runs r WHERE r.id = NEW.target_id) END;
  v_dris uuid[] := (SELECT g.dri_id FROM agents g WHERE g.id = v_agent) || dris_lately(v_agent, v_now);
BEGIN
  IF NOT EXISTS (
    WITH counting AS (
      SELECT m.id FROM stop_consents c JOIN members m ON m.id = c.member_id
      WHERE c.stop_id = NEW.id AND m.disabled_at IS NULL AND m.roles && ARRAY['operator', 'admin']
        AND NOT coalesce(v_dris && answers_for(m.id, v_now), false))
    SELECT FROM counting one JOIN counting other ON one.id < other.id
    WHERE are_two_people(one.id, other.id, v_now)) THEN
    RAISE EXCEPTION 'a stop ends by two people'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stops_two_people';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER resume_two_people BEFORE UPDATE OF resumed_at ON stops
  FOR EACH ROW WHEN (OLD.resumed_at IS NULL AND NEW.resumed_at IS NOT NULL) EXECUTE FUNCTION refuse_lone_resume();
