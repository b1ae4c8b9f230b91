-- How far a waiting request has been routed: to the owners, whoever is on call, everybody. Without it every round would
-- ask for each waiting request and person anew whether they were told.
CREATE TABLE approval_routes (
  approval_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  step integer NOT NULL CHECK (step BETWEEN 0 AND 2)
);
ALTER TABLE approval_routes ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace ON approval_routes TO interlock_app
  USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON approval_routes TO interlock_app;
