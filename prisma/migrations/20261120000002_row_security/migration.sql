-- The second wall. The application works as interlock_app, which sees only rows of the workspace named in the setting
-- `interlock.workspace_id` of its transaction, and may add to the ledger but never change it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'interlock_app') THEN
    CREATE ROLE interlock_app NOLOGIN;
  END IF;
  EXECUTE format('GRANT interlock_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION 'The user % may not create the role interlock_app. Have an administrator run: CREATE ROLE interlock_app NOLOGIN; GRANT interlock_app TO %;', current_user, current_user;
END $$;

CREATE FUNCTION current_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('interlock.workspace_id', true), '')::uuid $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['workspace_controls','members','sign_ins','personal_tokens','agents','credentials','tools',
    'manifests','sessions','runs','decisions','idempotency_keys','approvals','votes','approval_views','grants',
    'executions','outcomes','budgets','ledger_entries','ledger_leaves','ledger_heads','outbox','stops'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO interlock_app', t);
  END LOOP;
END $$;
ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
CREATE POLICY workspace ON workspaces TO interlock_app USING (id = current_workspace()) WITH CHECK (id = current_workspace());
GRANT SELECT, INSERT, UPDATE ON workspaces TO interlock_app;
GRANT SELECT, INSERT, UPDATE ON sign_in_attempts TO interlock_app;
REVOKE UPDATE, DELETE ON ledger_entries, ledger_leaves, votes, outcomes, manifests FROM interlock_app;
GRANT UPDATE (state, published_by, published_at) ON manifests TO interlock_app;

-- Whoever the owner of the tables is, history is not rewritten in passing.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_leaves FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Questions asked before a workspace is known. Each takes a secret's hash or an address and returns the least there is.
CREATE FUNCTION find_credential(secret_hash bytea)
RETURNS TABLE (workspace_id uuid, agent_id uuid, credential_id uuid, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT c.workspace_id, c.agent_id, c.id, c.scopes FROM credentials c
   WHERE c.hash = secret_hash AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp() $$;

CREATE FUNCTION find_personal_token(secret_hash bytea)
RETURNS TABLE (workspace_id uuid, member_id uuid, token_id uuid, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT t.workspace_id, t.member_id, t.id, m.roles FROM personal_tokens t JOIN members m ON m.id = t.member_id
   WHERE t.hash = secret_hash AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp() AND m.disabled_at IS NULL $$;

CREATE FUNCTION find_members_by_email(address text)
RETURNS TABLE (workspace_id uuid, member_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT m.workspace_id, m.id, m.password_hash FROM members m
   WHERE m.email = lower(address) AND m.disabled_at IS NULL ORDER BY m.created_at LIMIT 20 $$;

CREATE FUNCTION list_workspace_ids() RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT w.id FROM workspaces w ORDER BY w.id $$;

-- Daily partitions of the decisions, by id. The first 48 bits of a UUIDv7 are milliseconds since 1970.
CREATE FUNCTION uuid_at(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

CREATE FUNCTION ensure_partitions(days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE d date; made integer := 0; part text;
BEGIN
  FOR i IN 0..days_ahead LOOP
    d := (clock_timestamp() AT TIME ZONE 'UTC')::date + i;
    part := 'decisions_' || to_char(d, 'YYYYMMDD');
    IF to_regclass(part) IS NULL THEN
      BEGIN
        EXECUTE format('CREATE TABLE %I PARTITION OF decisions FOR VALUES FROM (%L) TO (%L)', part,
          uuid_at(d::timestamp AT TIME ZONE 'UTC'), uuid_at((d + 1)::timestamp AT TIME ZONE 'UTC'));
        made := made + 1;
      EXCEPTION WHEN check_violation OR duplicate_table THEN
        -- The day's first rows are in the default partition already, or another worker was quicker: it stays as it is.
        NULL;
      END;
    END IF;
  END LOOP;
  RETURN made;
END $$;
SELECT ensure_partitions(7);

REVOKE ALL ON FUNCTION find_credential, find_personal_token, find_members_by_email, list_workspace_ids, ensure_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_credential, find_personal_token, find_members_by_email, list_workspace_ids, ensure_partitions TO interlock_app;

-- For readiness: the bookkeeping table belongs to whoever migrates.
CREATE FUNCTION schema_state() RETURNS TABLE (migrations integer, unfinished integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF to_regclass('_prisma_migrations') IS NULL THEN RETURN QUERY SELECT 0, 0; RETURN; END IF;
  RETURN QUERY EXECUTE 'SELECT count(*)::int, (count(*) FILTER (WHERE finished_at IS NULL AND rolled_back_at IS NULL))::int FROM _prisma_migrations';
END $$;
REVOKE ALL ON FUNCTION schema_state FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schema_state TO interlock_app;
