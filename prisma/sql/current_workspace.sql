-- Returns the workspace of this transaction, or null when none is set. The row-level security policies compare with it.
CREATE OR REPLACE FUNCTION current_workspace() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('interlock.workspace_id', true), '')::uuid
$$;
