-- Trigger: refuses to put a version that widens in force unless its publisher and its author are two people.
CREATE OR REPLACE FUNCTION refuse_lone_widening() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_agent uuid := nullif(to_jsonb(NEW) ->> 'agent_id', '')::uuid;
BEGIN
  IF NOT are_two_people(NEW.created_by, NEW.published_by, v_now)
     OR dris_lately(v_agent, v_now) && (answers_for(NEW.created_by, v_now) || answers_for(NEW.published_by, v_now)) THEN
    RAISE EXCEPTION 'a widening takes two people'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'widening_two_people';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER widening_two_people BEFORE UPDATE OF state ON manifests
  FOR EACH ROW WHEN (OLD.state = 'pending' AND NEW.state = 'published' AND NEW.change = 'widening')
  EXECUTE FUNCTION refuse_lone_widening();
CREATE OR REPLACE TRIGGER widening_two_people BEFORE UPDATE OF state ON guardrails
  FOR EACH ROW WHEN (OLD.state = 'pending' AND NEW.state = 'published' AND NEW.change = 'widening')
  EXECUTE FUNCTION refuse_lone_widening();
