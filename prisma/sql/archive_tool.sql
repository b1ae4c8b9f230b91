-- Trigger: keeps every definition a tool has had, so that a recorded verdict can be judged again with the definition it
-- was made with. A trigger, because no writer can then leave a definition out.
CREATE OR REPLACE FUNCTION archive_tool() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO tool_versions (workspace_id, hash, definition)
  VALUES (NEW.workspace_id, NEW.hash, tool_definition(NEW))
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION archive_tool FROM PUBLIC;

CREATE OR REPLACE TRIGGER archive AFTER INSERT OR UPDATE OF hash ON tools
  FOR EACH ROW EXECUTE FUNCTION archive_tool();
