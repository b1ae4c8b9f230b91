-- What a workspace says of what comes in: prices of its own, and how it is redacted.

-- A workspace's own prices, in front of the bundled table. A row is never changed: what replaces or removes it says so in
-- `removed_at`, once.
CREATE TABLE price_overrides (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  content jsonb NOT NULL,
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  removed_by uuid REFERENCES members (id),
  removed_at timestamptz,
  CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
CREATE INDEX price_overrides_workspace ON price_overrides (workspace_id, id);

-- How a workspace redacts what comes in, each change a new version. The newest counts; without any, the defaults do.
CREATE TABLE redaction_versions (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  version integer NOT NULL CHECK (version > 0),
  content jsonb NOT NULL,
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, version)
);

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['price_overrides', 'redaction_versions']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON price_overrides, redaction_versions TO interlock_app;
GRANT UPDATE (removed_by, removed_at) ON price_overrides TO interlock_app;

-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;

-- Returns the run of decisions that a trace belongs to: the one of its agent, session and run by name, or the latest of
-- that name where the trace names no session. Null where there is none.
CREATE OR REPLACE FUNCTION run_of_trace(p_workspace uuid, p_agent uuid, p_session text, p_run text) RETURNS uuid
LANGUAGE sql STABLE AS $$
  -- Two questions, so that a session that is named is looked up and the agent's others are not read.
  SELECT CASE WHEN p_session IS NULL
    THEN (
      SELECT r.id FROM sessions s JOIN runs r ON r.session_id = s.id AND r.external_id = p_run
      WHERE s.workspace_id = p_workspace AND s.agent_id = p_agent ORDER BY r.id DESC LIMIT 1)
    ELSE (
      SELECT r.id FROM sessions s JOIN runs r ON r.session_id = s.id AND r.external_id = p_run
      WHERE s.workspace_id = p_workspace AND s.agent_id = p_agent AND s.external_id = p_session)
    END
$$;

-- Lists the accounts that count as one person with an account at a moment: the person's own, and every account that
-- ties which hold lead to, step by step. Steps are taken from person to person by equality, so that thousands of ties
-- are joined by hash and not compared one by one.
CREATE OR REPLACE FUNCTION tied_accounts(p_member uuid, p_moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE me AS MATERIALIZED (
    SELECT coalesce(m.person_id, m.id) AS person, m.workspace_id FROM members m WHERE m.id = p_member
  ), holding AS MATERIALIZED (
    SELECT coalesce(a.person_id, a.id) AS one, coalesce(b.person_id, b.id) AS other
    FROM (SELECT me.workspace_id, cooling_off(me.workspace_id) AS time FROM me OFFSET 0) held
    JOIN member_ties t
      ON t.workspace_id = held.workspace_id AND t.ended_at IS NULL AND t.created_at > p_moment - held.time
    JOIN members a ON a.id = t.member_id
    JOIN members b ON b.id = t.by_member
  ), steps AS MATERIALIZED (
    SELECT one, other FROM holding UNION SELECT other, one FROM holding
  ), reached (person) AS (
    SELECT person FROM me
    UNION
    SELECT s.other FROM reached r JOIN steps s ON s.one = r.person
  )
  SELECT coalesce(array_agg(x.id), ARRAY[p_member])
  FROM me CROSS JOIN reached r CROSS JOIN LATERAL (
    SELECT a.id, a.workspace_id FROM members a WHERE a.id = r.person AND a.person_id IS NULL
    UNION ALL
    SELECT a.id, a.workspace_id FROM members a WHERE a.person_id = r.person
  ) AS x
  WHERE x.workspace_id = me.workspace_id
$$;
