-- Trigger: refuses to remove an entry from the ledger's queue before it has a leaf. It is security definer because it
-- must see the leaves of every workspace.
CREATE OR REPLACE FUNCTION refuse_unsequenced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM removed r WHERE NOT EXISTS (SELECT FROM ledger_leaves l WHERE l.entry_id = r.entry_id)
  ) THEN
    RAISE EXCEPTION 'an entry without a leaf cannot leave the queue' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION refuse_unsequenced FROM PUBLIC;

CREATE OR REPLACE TRIGGER sequenced AFTER DELETE ON ledger_pending
  REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_unsequenced();
