-- Trigger: refuses a vote for an approval when somebody who counts as one person with the voter has voted for it.
CREATE OR REPLACE FUNCTION refuse_dependent_vote() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM votes e
    WHERE e.approval_id = NEW.approval_id AND e.id <> NEW.id AND e.undone_at IS NULL AND e.verdict = 'approve'
      AND (e.member_id = ANY (tied_accounts(NEW.member_id, NEW.created_at))
        OR answers_for(e.member_id, e.created_at) && answers_for(NEW.member_id, NEW.created_at))) THEN
    RAISE EXCEPTION 'two votes of people who count as one'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'votes_two_people';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER vote_two_people AFTER INSERT ON votes
  FOR EACH ROW WHEN (NEW.verdict = 'approve') EXECUTE FUNCTION refuse_dependent_vote();
