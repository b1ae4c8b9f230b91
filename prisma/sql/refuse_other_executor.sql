-- Trigger: refuses to change who carries out an approval. A calibration item must never become a request that can run.
CREATE OR REPLACE FUNCTION refuse_other_executor() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'who carries out approval % never changes', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER executor_stays BEFORE UPDATE OF executor ON approvals
  FOR EACH ROW WHEN (OLD.executor IS DISTINCT FROM NEW.executor) EXECUTE FUNCTION refuse_other_executor();
