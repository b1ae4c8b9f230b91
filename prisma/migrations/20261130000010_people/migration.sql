-- Two people are two people: how each member came to be one, what ties one account to another for a while, and the
-- database's last word wherever two people are asked for.

-- For so long two people who are tied count as one. Kept with the workspace, so that every process and every function
-- below counts by the same number.
ALTER TABLE workspaces
  ADD COLUMN cooling_off_hours double precision NOT NULL DEFAULT 72 CHECK (cooling_off_hours >= 0);

-- A member without `joined_at` is invited and cannot act. `verified_at`: signed in through the identity provider.
ALTER TABLE members
  ADD COLUMN origin text NOT NULL DEFAULT 'invitation' CHECK (origin IN ('installation', 'invitation')),
  ADD COLUMN joined_at timestamptz,
  ADD COLUMN verified_at timestamptz;
UPDATE members SET joined_at = created_at;
UPDATE members m SET origin = 'installation'
  WHERE m.id = (SELECT f.id FROM members f WHERE f.workspace_id = m.workspace_id ORDER BY f.created_at, f.id LIMIT 1);

-- What makes two accounts count as one person until it has cooled off or is ended.
CREATE TABLE member_ties (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  by_member uuid NOT NULL REFERENCES members (id),
  kind text NOT NULL CHECK (kind IN ('invitation', 'roles', 'credentials', 'separation')),
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- Who confirmed it; null when the identity provider did.
  ended_by uuid REFERENCES members (id),
  CHECK (member_id <> by_member)
);
CREATE INDEX member_ties_open ON member_ties (workspace_id, created_at) WHERE ended_at IS NULL;
-- Whoever was there before is taken to have joined on the first member's invitation: in doubt they are one.
INSERT INTO member_ties (id, workspace_id, member_id, by_member, kind, created_at)
  SELECT gen_random_uuid(), m.workspace_id, m.id, f.id, 'invitation', m.created_at
  FROM members m JOIN members f ON f.workspace_id = m.workspace_id AND f.origin = 'installation' WHERE m.id <> f.id;

-- A link with which one person sets up their own account, once.
CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  -- Null for those who are set up with the installation.
  invited_by uuid REFERENCES members (id),
  code_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  -- Set when another link or the identity provider took its place.
  closed_at timestamptz
);
CREATE INDEX invitations_open ON invitations (member_id) WHERE accepted_at IS NULL AND closed_at IS NULL;

-- Every handover of an agent. Written by the trigger alone, so that no path forgets it.
CREATE TABLE dri_changes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  from_member uuid NOT NULL REFERENCES members (id),
  to_member uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX dri_changes_agent ON dri_changes (agent_id, created_at);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['member_ties','invitations','dri_changes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON member_ties TO interlock_app;
GRANT SELECT, INSERT, UPDATE (accepted_at, closed_at) ON invitations TO interlock_app;
GRANT SELECT ON dri_changes TO interlock_app;
-- What a version changes is judged again when it is published.
GRANT UPDATE (change) ON manifests TO interlock_app;
GRANT UPDATE (change) ON guardrails TO interlock_app;

-- Who holds an invitation's code: asked before a workspace is known, so it answers the least there is.
CREATE FUNCTION find_invitation(p_hash bytea) RETURNS TABLE (workspace_id uuid, member_id uuid, invitation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT i.workspace_id, i.member_id, i.id FROM invitations i JOIN members m ON m.id = i.member_id
  WHERE i.code_hash = p_hash AND i.accepted_at IS NULL AND i.closed_at IS NULL AND i.expires_at > clock_timestamp()
    AND m.disabled_at IS NULL
$$;
REVOKE ALL ON FUNCTION find_invitation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_invitation TO interlock_app;

-- How long a tie holds in a workspace; a workspace that cannot be seen gets the default.
CREATE FUNCTION cooling_off(p_workspace uuid) RETURNS interval LANGUAGE sql STABLE AS $$
  SELECT make_interval(secs => 3600 * coalesce((SELECT w.cooling_off_hours FROM workspaces w WHERE w.id = p_workspace), 72))
$$;

-- Accounts that count as one person with this one: the person's own, and all that ties which hold lead to, step by step.
CREATE FUNCTION tied_accounts(p_member uuid, p_moment timestamptz) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  WITH RECURSIVE holding AS MATERIALIZED (
    SELECT t.member_id, t.by_member FROM members me JOIN member_ties t ON t.workspace_id = me.workspace_id
    WHERE me.id = p_member AND t.ended_at IS NULL AND t.created_at > p_moment - cooling_off(me.workspace_id)
  ), reached (id) AS (
    SELECT unnest(accounts_of(p_member))
    UNION
    SELECT unnest(accounts_of(CASE WHEN h.member_id = r.id THEN h.by_member ELSE h.member_id END))
    FROM reached r JOIN holding h ON r.id IN (h.member_id, h.by_member)
  )
  SELECT array_agg(id) FROM reached
$$;

-- Whether two accounts are two people who do not depend on each other. Neither a tie that holds nor standing in for
-- each other, or for the same person, makes two of one.
CREATE FUNCTION are_two_people(p_one uuid, p_other uuid, p_moment timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT p_one IS NOT NULL AND p_other IS NOT NULL AND NOT p_other = ANY (tied_accounts(p_one, p_moment))
    AND NOT answers_for(p_one, p_moment) && answers_for(p_other, p_moment)
$$;

-- Who became or ceased to be an agent's DRI so lately that it has not cooled off.
CREATE FUNCTION dris_lately(p_agent uuid, p_moment timestamptz) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT one), '{}') FROM (
    SELECT unnest(ARRAY[c.from_member, c.to_member]) AS one FROM dri_changes c
    WHERE c.agent_id = p_agent AND c.created_at > p_moment - cooling_off(c.workspace_id)
  ) AS them
$$;

CREATE FUNCTION note_dri_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO dri_changes (workspace_id, agent_id, from_member, to_member)
    VALUES (NEW.workspace_id, NEW.id, OLD.dri_id, NEW.dri_id);
  RETURN NEW;
END $$;
CREATE TRIGGER dri_change AFTER UPDATE OF dri_id ON agents FOR EACH ROW
  WHEN (OLD.dri_id IS DISTINCT FROM NEW.dri_id) EXECUTE FUNCTION note_dri_change();
REVOKE ALL ON FUNCTION note_dri_change FROM PUBLIC;

-- Why an approval cannot be used for this action now; null when it can. Every voter is looked at again: an account that
-- was disabled or demoted, whoever answers or lately answered for the agent or stood in for them, and everybody who
-- counts as one with an earlier voter count for nothing.
CREATE OR REPLACE FUNCTION approval_fault(a approvals, digest text, moment timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_valid integer;
  v_usable timestamptz;
  v_needed integer := greatest(a.quorum, CASE a.band WHEN 'critical' THEN 2 ELSE 1 END);
BEGIN
  IF a.action_digest IS DISTINCT FROM digest THEN RETURN 'approval_action_mismatch'; END IF;
  IF a.state = 'consumed' THEN RETURN 'approval_consumed'; END IF;
  IF a.state IN ('denied','returned') THEN RETURN 'approval_denied'; END IF;
  IF a.state = 'expired' OR a.expires_at <= moment THEN RETURN 'approval_expired'; END IF;
  IF a.state = 'waiting' THEN RETURN 'approval_waiting'; END IF;
  IF a.state <> 'approved' THEN RETURN 'approval_' || a.state; END IF;
  SELECT g.usable_at INTO v_usable FROM grants g WHERE g.approval_id = a.id;
  IF v_usable IS NULL OR v_usable > moment THEN RETURN 'approval_waiting'; END IF;
  WITH counting AS (
    SELECT v.id, v.member_id, v.created_at, coalesce(m.person_id, m.id) AS person
    FROM votes v JOIN members m ON m.id = v.member_id JOIN agents g ON g.id = a.agent_id
    WHERE v.approval_id = a.id AND v.undone_at IS NULL AND v.verdict = 'approve' AND m.disabled_at IS NULL
      AND a.approver_role = ANY (m.roles)
      AND NOT (a.separation_of_duties AND ARRAY[a.dri_at_request, g.dri_id] && answers_for(m.id, v.created_at))
      AND NOT ((a.separation_of_duties OR v_needed > 1) AND dris_lately(g.id, v.created_at) && answers_for(m.id, v.created_at))
  )
  SELECT count(DISTINCT c.person) INTO v_valid FROM counting c WHERE NOT EXISTS (
    SELECT FROM counting e WHERE e.id < c.id AND e.person <> c.person AND (
      e.member_id = ANY (tied_accounts(c.member_id, moment))
      OR answers_for(e.member_id, e.created_at) && answers_for(c.member_id, c.created_at)));
  IF v_valid < v_needed
     OR EXISTS (SELECT FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL AND v.verdict <> 'approve') THEN
    RETURN 'quorum_lost';
  END IF;
  RETURN NULL;
END $$;

-- No approval gets two votes for it of people who count as one.
CREATE FUNCTION refuse_dependent_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM votes e WHERE e.approval_id = NEW.approval_id AND e.id <> NEW.id AND e.undone_at IS NULL AND e.verdict = 'approve'
      AND (e.member_id = ANY (tied_accounts(NEW.member_id, NEW.created_at))
        OR answers_for(e.member_id, e.created_at) && answers_for(NEW.member_id, NEW.created_at))) THEN
    RAISE EXCEPTION 'two votes of people who count as one' USING ERRCODE = 'check_violation', CONSTRAINT = 'votes_two_people';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER vote_two_people AFTER INSERT ON votes FOR EACH ROW
  WHEN (NEW.verdict = 'approve') EXECUTE FUNCTION refuse_dependent_vote();

-- A stop ends by the consents of two people who may resume now, do not answer for its agent and have not lately.
CREATE FUNCTION refuse_lone_resume() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_agent uuid := CASE NEW.scope WHEN 'agent' THEN NEW.target_id
    WHEN 'run' THEN (SELECT r.agent_id FROM runs r WHERE r.id = NEW.target_id) END;
  v_dris uuid[] := (SELECT g.dri_id FROM agents g WHERE g.id = v_agent) || dris_lately(v_agent, v_now);
BEGIN
  IF NOT EXISTS (
    WITH counting AS (
      SELECT m.id FROM stop_consents c JOIN members m ON m.id = c.member_id
      WHERE c.stop_id = NEW.id AND m.disabled_at IS NULL AND m.roles && ARRAY['operator', 'admin']
        AND NOT coalesce(v_dris && answers_for(m.id, v_now), false))
    SELECT FROM counting one JOIN counting other ON one.id < other.id WHERE are_two_people(one.id, other.id, v_now)) THEN
    RAISE EXCEPTION 'a stop ends by two people' USING ERRCODE = 'check_violation', CONSTRAINT = 'stops_two_people';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER resume_two_people BEFORE UPDATE OF resumed_at ON stops FOR EACH ROW
  WHEN (OLD.resumed_at IS NULL AND NEW.resumed_at IS NOT NULL) EXECUTE FUNCTION refuse_lone_resume();

-- A version that widens is put in force by somebody who does not count as one with its author.
CREATE FUNCTION refuse_lone_widening() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_agent uuid := nullif(to_jsonb(NEW) ->> 'agent_id', '')::uuid;
BEGIN
  IF NOT are_two_people(NEW.created_by, NEW.published_by, v_now)
     OR dris_lately(v_agent, v_now) && (answers_for(NEW.created_by, v_now) || answers_for(NEW.published_by, v_now)) THEN
    RAISE EXCEPTION 'a widening takes two people' USING ERRCODE = 'check_violation', CONSTRAINT = 'widening_two_people';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER widening_two_people BEFORE UPDATE OF state ON manifests FOR EACH ROW
  WHEN (OLD.state = 'pending' AND NEW.state = 'published' AND NEW.change = 'widening') EXECUTE FUNCTION refuse_lone_widening();
CREATE TRIGGER widening_two_people BEFORE UPDATE OF state ON guardrails FOR EACH ROW
  WHEN (OLD.state = 'pending' AND NEW.state = 'published' AND NEW.change = 'widening') EXECUTE FUNCTION refuse_lone_widening();
