-- Trigger: records every handover of an agent, so that no path forgets it. It is security definer because the
-- application may not write to that table.
CREATE OR REPLACE FUNCTION note_dri_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO dri_changes (workspace_id, agent_id, from_member, to_member)
    VALUES (NEW.workspace_id, NEW.id, OLD.dri_id, NEW.dri_id);
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION note_dri_change FROM PUBLIC;

CREATE OR REPLACE TRIGGER dri_change AFTER UPDATE OF dri_id ON agents
  FOR EACH ROW WHEN (OLD.dri_id IS DISTINCT FROM NEW.dri_id) EXECUTE FUNCTION note_dri_change();
