-- Trigger: queues each new ledger entry for its place in the tree. It is security definer because the application's
-- role may not insert into the queue.
CREATE OR REPLACE FUNCTION queue_ledger_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO ledger_pending (workspace_id, created_at, entry_id)
  SELECT workspace_id, created_at, id FROM new_entries;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION queue_ledger_entries FROM PUBLIC;

CREATE OR REPLACE TRIGGER queue AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION queue_ledger_entries();
