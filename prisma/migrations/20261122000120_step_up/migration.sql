-- What an answer costs, as far as the database must know it: time really spent looking, a second factor, the moment in
-- which an approval can still be taken back, and people instead of accounts.

-- Two accounts of one person count as one. Null: this account is the person's only one.
ALTER TABLE members ADD COLUMN person_id uuid REFERENCES members (id);
CREATE INDEX members_person ON members (person_id) WHERE person_id IS NOT NULL;

-- Somebody decides for somebody else for a while. The delegate needs the role themselves; this gives nobody a right.
CREATE TABLE delegations (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  from_member uuid NOT NULL REFERENCES members (id),
  to_member uuid NOT NULL REFERENCES members (id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  -- Set when it was ended before its time.
  ended_at timestamptz,
  CHECK (from_member <> to_member),
  CHECK (ends_at > starts_at)
);
CREATE INDEX delegations_to ON delegations (to_member, ends_at);
CREATE INDEX delegations_from ON delegations (from_member, ends_at);

-- The accounts of the person this account belongs to, itself among them.
CREATE FUNCTION accounts_of(member uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(other.id), ARRAY[member]) FROM members me
  JOIN members other ON other.workspace_id = me.workspace_id AND coalesce(other.person_id, other.id) = coalesce(me.person_id, me.id)
  WHERE me.id = member
$$;

-- Accounts whose duties this person carries at a moment: their own, and those of everyone they then stand in for.
CREATE FUNCTION answers_for(member uuid, moment timestamptz) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(DISTINCT one) FROM (
    SELECT unnest(accounts_of(member)) AS one
    UNION ALL
    SELECT unnest(accounts_of(d.from_member)) FROM delegations d
    WHERE d.to_member = ANY (accounts_of(member)) AND d.starts_at <= moment AND least(d.ends_at, d.ended_at) > moment
  ) AS all_of_them
$$;

-- A vote may be taken back while its approval is not usable yet; the row stays and counts no more. One person, one vote
-- that stands, whichever of their accounts they use.
ALTER TABLE votes
  ADD COLUMN undone_at timestamptz,
  ADD COLUMN for_member uuid REFERENCES members (id),
  ADD COLUMN person_id uuid;
UPDATE votes SET person_id = member_id;
ALTER TABLE votes ALTER COLUMN person_id SET NOT NULL;
ALTER TABLE votes DROP CONSTRAINT votes_approval_id_member_id_key;
CREATE UNIQUE INDEX votes_one_each ON votes (approval_id, member_id) WHERE undone_at IS NULL;
CREATE UNIQUE INDEX votes_one_person ON votes (approval_id, person_id) WHERE undone_at IS NULL;
GRANT UPDATE (undone_at) ON votes TO interlock_app;

CREATE FUNCTION set_vote_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(m.person_id, m.id) INTO STRICT NEW.person_id FROM members m WHERE m.id = NEW.member_id;
  RETURN NEW;
END $$;
CREATE TRIGGER vote_person BEFORE INSERT ON votes FOR EACH ROW EXECUTE FUNCTION set_vote_person();

-- A grant is good from `usable_at`. One that is not usable at once is announced by a job when it is.
ALTER TABLE grants
  ADD COLUMN usable_at timestamptz,
  ADD COLUMN announced boolean NOT NULL DEFAULT true;
UPDATE grants SET usable_at = created_at;
ALTER TABLE grants ALTER COLUMN usable_at SET NOT NULL, ALTER COLUMN usable_at SET DEFAULT clock_timestamp();
CREATE INDEX grants_unannounced ON grants (usable_at) WHERE NOT announced;

ALTER TABLE approvals
  ADD COLUMN escalated_at timestamptz,
  ADD COLUMN extended_at timestamptz,
  ADD COLUMN extended_by uuid REFERENCES members (id);

-- How long a person has really looked at one display of a request. Only time between two beats of their page counts,
-- and of that only a little, so that no gap, no second tab and no hidden page counts for looking.
CREATE TABLE approval_attention (
  approval_id uuid NOT NULL REFERENCES approvals (id),
  member_id uuid NOT NULL REFERENCES members (id),
  display_digest text NOT NULL,
  workspace_id uuid NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  seconds double precision NOT NULL DEFAULT 0 CHECK (seconds >= 0),
  PRIMARY KEY (approval_id, member_id, display_digest)
);

-- The secret of a person's authenticator app, sealed; nothing here opens without the server's own secret.
CREATE TABLE step_up_keys (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  member_id uuid NOT NULL REFERENCES members (id),
  sealed bytea NOT NULL,
  -- SHA-256 of each recovery code.
  recovery bytea[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  removed_at timestamptz,
  CHECK (removed_at IS NULL OR (length(sealed) = 0 AND cardinality(recovery) = 0))
);
CREATE UNIQUE INDEX step_up_keys_one ON step_up_keys (member_id) WHERE removed_at IS NULL AND confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX step_up_keys_begun ON step_up_keys (member_id) WHERE removed_at IS NULL AND confirmed_at IS NULL;

-- Half minutes whose code a person has used: the second use of one breaks the key.
CREATE TABLE step_up_uses (
  member_id uuid NOT NULL REFERENCES members (id),
  step bigint NOT NULL,
  workspace_id uuid NOT NULL,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (member_id, step)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['delegations','approval_attention','step_up_keys','step_up_uses'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON delegations, approval_attention, step_up_keys TO interlock_app;
GRANT SELECT, INSERT, DELETE ON step_up_uses TO interlock_app;

-- Why an approval cannot be used for this action now; null when it can. Every voter is looked at again: an account that
-- was disabled or demoted, a second account of the same person, the agent's DRI then or now and whoever stood in for
-- them when they voted count for nothing.
CREATE OR REPLACE FUNCTION approval_fault(a approvals, digest text, moment timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE valid integer; usable timestamptz;
BEGIN
  IF a.action_digest IS DISTINCT FROM digest THEN RETURN 'approval_action_mismatch'; END IF;
  IF a.state = 'consumed' THEN RETURN 'approval_consumed'; END IF;
  IF a.state IN ('denied','returned') THEN RETURN 'approval_denied'; END IF;
  IF a.state = 'expired' OR a.expires_at <= moment THEN RETURN 'approval_expired'; END IF;
  IF a.state = 'waiting' THEN RETURN 'approval_waiting'; END IF;
  IF a.state <> 'approved' THEN RETURN 'approval_' || a.state; END IF;
  SELECT g.usable_at INTO usable FROM grants g WHERE g.approval_id = a.id;
  IF usable IS NULL OR usable > moment THEN RETURN 'approval_waiting'; END IF;
  SELECT count(DISTINCT coalesce(m.person_id, m.id)) INTO valid FROM votes v JOIN members m ON m.id = v.member_id JOIN agents g ON g.id = a.agent_id
    WHERE v.approval_id = a.id AND v.undone_at IS NULL AND v.verdict = 'approve' AND m.disabled_at IS NULL AND a.approver_role = ANY (m.roles)
      AND NOT (a.separation_of_duties AND ARRAY[a.dri_at_request, g.dri_id] && answers_for(m.id, v.created_at));
  IF valid < greatest(a.quorum, CASE a.band WHEN 'critical' THEN 2 ELSE 1 END)
     OR EXISTS (SELECT FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL AND v.verdict <> 'approve') THEN
    RETURN 'quorum_lost';
  END IF;
  RETURN NULL;
END $$;
