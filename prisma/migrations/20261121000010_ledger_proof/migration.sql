-- What lets the ledger prove itself: keys, signed checkpoints, stored nodes of the tree, and an archive of everything a
-- recorded verdict was made of.

-- Entries that have no place in the tree yet. Filled by a trigger, so that nothing can be written past it; in the order
-- of creation, so that whatever committed before another began stands before it.
CREATE TABLE ledger_pending (
  workspace_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  entry_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, created_at, entry_id)
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
INSERT INTO ledger_pending
  SELECT e.workspace_id, e.created_at, e.id FROM ledger_entries e
  WHERE NOT EXISTS (SELECT FROM ledger_leaves l WHERE l.entry_id = e.id);

CREATE FUNCTION queue_ledger_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO ledger_pending (workspace_id, created_at, entry_id) SELECT workspace_id, created_at, id FROM written;
  RETURN NULL;
END $$;
CREATE TRIGGER queue AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION queue_ledger_entries();

-- An entry leaves the queue with its leaf and in no other way.
CREATE FUNCTION refuse_unsequenced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM gone g WHERE NOT EXISTS (SELECT FROM ledger_leaves l WHERE l.entry_id = g.entry_id)) THEN
    RAISE EXCEPTION 'an entry without a leaf cannot leave the queue' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sequenced AFTER DELETE ON ledger_pending
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION refuse_unsequenced();

-- Roots of the perfect subtrees of 256, 65,536 and so on leaves: a proof in a tree of any size reads a few hundred rows.
CREATE TABLE ledger_nodes (
  workspace_id uuid NOT NULL,
  level smallint NOT NULL,
  node_index bigint NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (workspace_id, level, node_index)
);

-- The keys that sign. `sealed` is the private half, encrypted with the server's secret; `verifier_key` is what auditors pin.
CREATE TABLE ledger_keys (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  verifier_key text NOT NULL UNIQUE,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  retired_at timestamptz
);
CREATE UNIQUE INDEX ledger_keys_active ON ledger_keys (workspace_id) WHERE retired_at IS NULL;

-- One signed root a size, for ever: the primary key is what keeps a key from signing two histories.
CREATE TABLE ledger_checkpoints (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  size bigint NOT NULL,
  root_hash text NOT NULL,
  note text NOT NULL,
  key_id uuid NOT NULL REFERENCES ledger_keys (id),
  at timestamptz NOT NULL,
  -- Whether the database's clock stood before the last checkpoint's time, which was then used again.
  clock_regressed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (workspace_id, size)
);

-- Every definition a tool ever had, by its hash: what a recorded verdict is judged again with.
CREATE TABLE tool_versions (
  workspace_id uuid NOT NULL,
  hash text NOT NULL,
  definition jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, hash)
);
CREATE FUNCTION tool_definition(t tools) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('name', t.name, 'description', t.description, 'args_schema', t.args_schema, 'result_schema', t.result_schema,
    'reversibility', t.reversibility, 'blast_radius', t.blast_radius, 'scope_argument', t.scope_argument) $$;
INSERT INTO tool_versions (workspace_id, hash, definition) SELECT t.workspace_id, t.hash, tool_definition(t) FROM tools t;
-- By trigger, so that no way of changing a tool can forget it.
CREATE FUNCTION archive_tool() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO tool_versions (workspace_id, hash, definition) VALUES (NEW.workspace_id, NEW.hash, tool_definition(NEW)) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER archive AFTER INSERT OR UPDATE OF hash ON tools FOR EACH ROW EXECUTE FUNCTION archive_tool();

-- Decisions whose payload was erased: when, by whom and why. The payload itself is gone; what the ledger says stays.
CREATE TABLE payload_erasures (
  decision_id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  erased_by uuid NOT NULL REFERENCES members (id),
  reason text NOT NULL,
  erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- How far each place outside this database has been told, and what went wrong last.
CREATE TABLE ledger_anchors (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  destination text NOT NULL,
  size bigint NOT NULL DEFAULT 0,
  delivered_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  attempted_at timestamptz,
  last_error text,
  PRIMARY KEY (workspace_id, destination)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['ledger_pending','ledger_nodes','ledger_keys','ledger_checkpoints','tool_versions','payload_erasures','ledger_anchors'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
  END LOOP;
END $$;
GRANT SELECT, DELETE ON ledger_pending TO interlock_app;
GRANT SELECT, INSERT ON ledger_nodes, ledger_keys, ledger_checkpoints, payload_erasures TO interlock_app;
GRANT UPDATE (retired_at) ON ledger_keys TO interlock_app;
GRANT SELECT ON tool_versions TO interlock_app;
GRANT SELECT, INSERT, UPDATE ON ledger_anchors TO interlock_app;
REVOKE ALL ON FUNCTION queue_ledger_entries, refuse_unsequenced, archive_tool FROM PUBLIC;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_nodes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tool_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payload_erasures FOR EACH ROW EXECUTE FUNCTION refuse_change();
