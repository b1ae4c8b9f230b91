-- Invoices of providers that somebody imported, as sums by day, model and key, without the files; and views of Spend.

-- A row is never changed but for `removed_at`, once. `columns` is what each column of the file was read as.
CREATE TABLE invoices (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  name text NOT NULL,
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  provider text,
  measure text NOT NULL CHECK (measure IN ('usd', 'tokens')),
  columns jsonb NOT NULL,
  rows integer NOT NULL,
  first_day date NOT NULL,
  last_day date NOT NULL,
  units numeric NOT NULL CHECK (units >= 0),
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  removed_by uuid REFERENCES members (id),
  removed_at timestamptz,
  CHECK (last_day >= first_day),
  CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
CREATE INDEX invoices_workspace ON invoices (workspace_id, id);
-- The same file twice is one.
CREATE UNIQUE INDEX invoices_file ON invoices (workspace_id, digest) WHERE removed_at IS NULL;

-- Trillionths of a dollar, or tokens; an empty text where the file names no model or key.
CREATE TABLE invoice_entries (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  invoice_id uuid NOT NULL REFERENCES invoices (id),
  day date NOT NULL,
  model text NOT NULL,
  key text NOT NULL,
  units numeric NOT NULL CHECK (units >= 0),
  PRIMARY KEY (workspace_id, invoice_id, day, model, key)
);

-- An address of the page of spend under a name. One that is shared is everybody's to see and its member's to change.
CREATE TABLE spend_views (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  name text NOT NULL,
  query jsonb NOT NULL,
  shared boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX spend_views_name ON spend_views (workspace_id, member_id, name);
CREATE INDEX spend_views_shared ON spend_views (workspace_id, name) WHERE shared;

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['invoices', 'invoice_entries', 'spend_views']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON invoices, invoice_entries TO interlock_app;
GRANT UPDATE (removed_by, removed_at) ON invoices TO interlock_app;
-- The sums of a file that was removed go with it.
GRANT DELETE ON invoice_entries TO interlock_app;
GRANT SELECT, INSERT, DELETE ON spend_views TO interlock_app;
GRANT UPDATE (name, query, shared) ON spend_views TO interlock_app;
