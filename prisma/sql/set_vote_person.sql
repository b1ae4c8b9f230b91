-- Trigger: records which person a vote belongs to, so that one person has one standing vote whichever account they use.
CREATE OR REPLACE FUNCTION set_vote_person() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(m.person_id, m.id) INTO STRICT NEW.person_id FROM members m WHERE m.id = NEW.member_id;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER vote_person BEFORE INSERT ON votes
  FOR EACH ROW EXECUTE FUNCTION set_vote_person();
