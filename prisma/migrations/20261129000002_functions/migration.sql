-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;

-- Lists every account of the person who owns the given account, including that account. Accounts belong to one person
-- when they share `members.person_id`.
CREATE OR REPLACE FUNCTION accounts_of(p_member_id uuid) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(other.id), ARRAY[p_member_id])
  FROM members me
  CROSS JOIN LATERAL (
    SELECT a.id, a.workspace_id FROM members a WHERE a.id = coalesce(me.person_id, me.id) AND a.person_id IS NULL
    UNION ALL
    SELECT a.id, a.workspace_id FROM members a WHERE a.person_id = coalesce(me.person_id, me.id)
  ) AS other
  WHERE me.id = p_member_id AND other.workspace_id = me.workspace_id
$$;

-- Returns the key of the advisory lock that serialises changes to one agent's counters and requests.
CREATE OR REPLACE FUNCTION agent_lock_key(p_agent_id uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtextextended('interlock:agent:' || p_agent_id::text, 0)
$$;

-- Lists the accounts whose duties a person has at a moment: their own accounts, and the accounts of everyone who has
-- delegated to them for that moment.
CREATE OR REPLACE FUNCTION answers_for(p_member_id uuid, p_at timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT array_agg(DISTINCT account_id)
  FROM (
    SELECT unnest(accounts_of(p_member_id)) AS account_id
    UNION ALL
    SELECT unnest(accounts_of(d.from_member))
    FROM delegations d
    WHERE d.to_member = ANY (accounts_of(p_member_id))
      AND d.starts_at <= p_at AND d.ends_at > p_at AND (d.ended_at IS NULL OR d.ended_at > p_at)
  ) AS accounts
$$;

-- The votes of an approval that stand, in their order. Each comes with what is true of its voter now: which person they
-- are, whether their account is open, their roles, and which accounts count as one person with theirs. It also names
-- the accounts they answered for when they voted, and the agent's DRIs who had not cooled off by then or came later.
CREATE OR REPLACE FUNCTION approval_votes(p_approval uuid) RETURNS json
LANGUAGE sql STABLE AS $$
  SELECT coalesce(json_agg(json_build_object('verdict', v.verdict, 'member', m.id,
    'person', coalesce(m.person_id, m.id), 'disabled', m.disabled_at IS NOT NULL, 'roles', m.roles,
    'answersFor', answers_for(m.id, v.created_at), 'tied', tied_accounts(m.id, clock_timestamp()),
    'driLately', dris_lately(a.agent_id, v.created_at))
    ORDER BY v.created_at, v.id), '[]')
  FROM votes v JOIN members m ON m.id = v.member_id JOIN approvals a ON a.id = v.approval_id
  WHERE v.approval_id = p_approval AND v.undone_at IS NULL
$$;

REVOKE ALL ON FUNCTION approval_votes FROM PUBLIC;

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

-- Returns whether two accounts are two people who do not depend on each other at a moment. They are not while a tie
-- between them holds, one stands in for the other, or both stand in for the same person.
CREATE OR REPLACE FUNCTION are_two_people(p_one uuid, p_other uuid, p_moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT p_one IS NOT NULL AND p_other IS NOT NULL AND NOT p_other = ANY (tied_accounts(p_one, p_moment))
    AND NOT answers_for(p_one, p_moment) && answers_for(p_other, p_moment)
$$;

-- Claims the idempotency keys of a batch, in one order on every replica, and says which decision holds each. The first
-- call that names a key gets it. `p_caller` counts the places of callers from one. A caller that may not go on claims
-- nothing, even if another caller of its agent may: its call writes no decision that could answer for the key.
CREATE OR REPLACE FUNCTION batch_claim_keys(
  p_workspace uuid, p_goes_on boolean[], p_caller integer[], p_agent uuid[], p_session text[], p_name text[],
  p_fingerprint text[], p_decision uuid[]
) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO idempotency_keys (workspace_id, agent_id, session, key, fingerprint, decision_id)
  SELECT p_workspace, u.agent, u.session, u.name, u.fingerprint, u.decision
  FROM unnest(p_caller, p_agent, p_session, p_name, p_fingerprint, p_decision) WITH ORDINALITY
    AS u (caller, agent, session, name, fingerprint, decision, place)
  WHERE p_goes_on[u.caller] ORDER BY u.agent, u.session, u.name, u.place
  ON CONFLICT DO NOTHING;
  RETURN (
    SELECT json_agg(json_build_object('place', u.place, 'decision', k.decision_id, 'fingerprint', k.fingerprint))
    FROM unnest(p_agent, p_session, p_name) WITH ORDINALITY AS u (agent, session, name, place)
    JOIN idempotency_keys k ON k.agent_id = u.agent AND k.session = u.session AND k.key = u.name);
END $$;

REVOKE ALL ON FUNCTION batch_claim_keys FROM PUBLIC;

-- Locks, by id, the approvals that calls of a batch name, those that wait for what a call would ask, and the approved
-- ones of such an action whose data is known to have moved. Returns each as it stands.
CREATE OR REPLACE FUNCTION batch_lock_approvals(p_workspace uuid, p_named uuid[], p_agent uuid[], p_action text[])
RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_ids uuid[] := ARRAY(
    SELECT u FROM unnest(p_named) AS u
    UNION
    SELECT a.id FROM unnest(p_agent, p_action) AS q (agent, action)
    JOIN approvals a ON a.agent_id = q.agent AND a.action_digest = q.action WHERE a.state = 'waiting'
    UNION
    SELECT a.id FROM unnest(p_agent, p_action) AS q (agent, action)
    JOIN approvals a ON a.agent_id = q.agent AND a.action_digest = q.action
    WHERE a.state = 'approved' AND a.base_moved_at IS NOT NULL AND a.expires_at > clock_timestamp());
BEGIN
  IF cardinality(v_ids) = 0 THEN RETURN NULL; END IF;
  RETURN (
    SELECT json_agg(json_build_object('id', x.id, 'agent', x.agent_id, 'decision', x.decision_id,
      'action', x.action_digest, 'state', x.state, 'expiresAt', extract(epoch FROM x.expires_at)::float8,
      'expiresIso', iso_utc(x.expires_at), 'band', x.band, 'quorum', x.quorum, 'approverRole', x.approver_role,
      'separationOfDuties', x.separation_of_duties, 'driAtRequest', x.dri_at_request, 'note', x.note,
      'actionRef', x.action_ref, 'base', x.base_digest, 'baseMoved', x.base_moved_at IS NOT NULL,
      'shown', x.shown_digest,
      'usableAt', (SELECT extract(epoch FROM g.usable_at)::float8 FROM grants g WHERE g.approval_id = x.id),
      'votes', CASE WHEN x.id = ANY (p_named) THEN approval_votes(x.id) END))
    FROM (
      SELECT a.* FROM approvals a WHERE a.id = ANY (v_ids) AND a.workspace_id = p_workspace
      ORDER BY a.id FOR UPDATE) AS x);
END $$;

REVOKE ALL ON FUNCTION batch_lock_approvals FROM PUBLIC;

-- Locks and returns the circuit breakers of the tools that a batch calls, so that of all replicas one call is the trial
-- of an open one. Most agents have none.
CREATE OR REPLACE FUNCTION batch_lock_breakers(
  p_alive uuid[], p_run_agent uuid[], p_call_run integer[], p_call_tool text[]
) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM breakers b WHERE b.agent_id = ANY (p_alive)) THEN RETURN NULL; END IF;
  RETURN (
    SELECT json_agg(json_build_object('agent', x.agent_id, 'tool', x.tool, 'failures', x.failures,
      'failedAt', extract(epoch FROM x.failed_at)::float8, 'trialAt', extract(epoch FROM x.trial_at)::float8))
    FROM (
      SELECT b.* FROM breakers b
      WHERE (b.agent_id, b.tool) IN (
        SELECT p_run_agent[u.run], u.tool FROM unnest(p_call_run, p_call_tool) AS u (run, tool))
      ORDER BY b.agent_id, b.tool FOR UPDATE) AS x);
END $$;

REVOKE ALL ON FUNCTION batch_lock_breakers FROM PUBLIC;

-- Finds or makes the sessions and runs of a batch and locks the runs, in the order given. Returns each run as it
-- stands, and the ids of runs and sessions by their places. Places of callers that may not go on stay empty.
-- Time spent waiting for people is added up only for a run that has lasted longer than `p_seconds`.
CREATE OR REPLACE FUNCTION batch_lock_runs(
  p_workspace uuid, p_alive uuid[], p_agent uuid[], p_session text[], p_name text[], p_seconds integer[]
) RETURNS TABLE (runs json, ids uuid[], sessions uuid[], has_failures boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_found bigint;
  v_wanted bigint := (SELECT count(*) FROM unnest(p_agent) AS u WHERE u = ANY (p_alive));
BEGIN
  FOR v_attempt IN 1 .. 2 LOOP
    SELECT json_agg(json_build_object('place', x.place, 'id', x.id, 'session', x.session_id, 'state', x.state,
          'haltedReason', x.halted_reason, 'steps', x.steps, 'allowed', x.allowed, 'asked', x.asked,
          'refused', x.refused, 'costMicros', x.cost_micros, 'extraSteps', x.extra_steps,
          'extraSeconds', x.extra_seconds, 'extraCostMicros', x.extra_cost_micros, 'lastAction', x.last_action,
          'sameCalls', x.same_calls, 'reach', x.reach, 'startedAt', extract(epoch FROM x.started_at)::float8,
          'waited', CASE WHEN x.asked + x.extra_seconds > 0
              AND extract(epoch FROM clock_timestamp() - x.started_at) > x.seconds
            THEN waited_seconds(x.id, clock_timestamp()) ELSE 0 END))
        FILTER (WHERE x.id IS NOT NULL),
      array_agg(x.id ORDER BY x.place), array_agg(x.session_id ORDER BY x.place), bool_or(x.failures > 0), count(x.id)
    INTO runs, ids, sessions, has_failures, v_found
    FROM (
      SELECT w.place, w.seconds, r.* FROM unnest(p_agent, p_session, p_name, p_seconds) WITH ORDINALITY
        AS w (agent, session, name, seconds, place)
      JOIN sessions s ON s.agent_id = w.agent AND s.external_id = w.session
      JOIN runs r ON r.session_id = s.id AND r.external_id = w.name
      WHERE w.agent = ANY (p_alive) ORDER BY w.place FOR UPDATE OF r) AS x;
    EXIT WHEN v_found = v_wanted;
    PERFORM batch_make_runs(p_workspace, p_alive, p_agent, p_session, p_name);
  END LOOP;
  IF v_found <> v_wanted THEN RAISE EXCEPTION 'a run could not be opened'; END IF;
  IF v_found < cardinality(p_agent) THEN
    SELECT array_agg(r.id ORDER BY w.place), array_agg(r.session_id ORDER BY w.place) INTO ids, sessions
    FROM unnest(p_agent, p_session, p_name) WITH ORDINALITY AS w (agent, session, name, place)
    LEFT JOIN sessions s ON s.agent_id = w.agent AND s.external_id = w.session AND w.agent = ANY (p_alive)
    LEFT JOIN runs r ON r.session_id = s.id AND r.external_id = w.name;
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION batch_lock_runs FROM PUBLIC;

-- Makes the sessions and runs of a batch that are not there yet. A run that made no call reaches nowhere.
CREATE OR REPLACE FUNCTION batch_make_runs(
  p_workspace uuid, p_alive uuid[], p_agent uuid[], p_session text[], p_name text[]
) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO sessions (id, workspace_id, agent_id, external_id)
  SELECT new_uuid(), p_workspace, x.agent, x.session
  FROM (
    SELECT DISTINCT w.agent, w.session FROM unnest(p_agent, p_session) AS w (agent, session)
    WHERE w.agent = ANY (p_alive) AND NOT EXISTS (
      SELECT FROM sessions s WHERE s.agent_id = w.agent AND s.external_id = w.session)
    ORDER BY 1, 2) AS x
  ON CONFLICT DO NOTHING;
  INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at, reach)
  SELECT new_uuid(), p_workspace, w.agent, s.id, w.name, clock_timestamp(), clock_timestamp(),
    '{"environments": [], "hosts": [], "domains": [], "scopes": []}'
  FROM unnest(p_agent, p_session, p_name) WITH ORDINALITY AS w (agent, session, name, place)
  JOIN sessions s ON s.agent_id = w.agent AND s.external_id = w.session
  WHERE w.agent = ANY (p_alive) AND NOT EXISTS (
    SELECT FROM runs r WHERE r.session_id = s.id AND r.external_id = w.name)
  ORDER BY w.place
  ON CONFLICT DO NOTHING;
END $$;

REVOKE ALL ON FUNCTION batch_make_runs FROM PUBLIC;

-- The first statement of a batch of calls: takes the locks in their one order (workspace shared, agents, idempotency
-- keys, runs, approvals, breakers) and returns everything stateful that judging needs, as sets. It weighs nothing.
-- Parallel arrays describe what the calls want. `p_run_…` lists each run once, sorted. `p_call_run` and `p_tally_run`
-- count its places from one, `p_key_caller` those of the callers. `p_run_seconds` is the wall clock from which time
-- spent waiting for people matters.
CREATE OR REPLACE FUNCTION batch_open(
  p_workspace uuid, p_epoch bigint,
  p_caller_agent uuid[], p_caller_epoch bigint[], p_caller_credential uuid[], p_locked_agent uuid[],
  p_key_caller integer[], p_key_agent uuid[], p_key_session text[], p_key_name text[], p_key_fingerprint text[],
  p_key_decision uuid[],
  p_run_agent uuid[], p_run_session text[], p_run_name text[], p_run_seconds integer[],
  p_call_run integer[], p_call_action text[], p_call_tool text[],
  p_tally_run integer[], p_tally_scope text[], p_tally_key text[], p_tally_span integer[],
  p_day_agent uuid[], p_day_cost bigint[], p_day_tokens bigint[],
  p_named uuid[], p_ask_agent uuid[], p_ask_action text[], p_ask_args text[]
) RETURNS TABLE (
  fresh boolean, moment text, iso text, seconds double precision, today text,
  callers json, keys json, runs json, failed json, tallies json, days json, breakers json,
  approvals json, asking json, refusals json
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_alive uuid[];
  v_goes_on boolean[];
  v_runs uuid[];
  v_sessions uuid[];
  v_has_failures boolean;
  v_now timestamptz;
BEGIN
  PERFORM set_config('interlock.workspace_id', p_workspace::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(p_workspace));
  SELECT c.epoch = p_epoch INTO fresh FROM workspace_controls c WHERE c.workspace_id = p_workspace;
  SELECT c.callers, c.alive, c.goes_on INTO callers, v_alive, v_goes_on
  FROM batch_read_callers(p_workspace, p_caller_agent, p_caller_epoch, p_caller_credential) AS c;
  IF fresh IS NOT TRUE OR v_alive IS NULL THEN
    RETURN NEXT;
    RETURN;
  END IF;

  IF cardinality(p_locked_agent) > 0 THEN
    PERFORM pg_advisory_xact_lock(agent_lock_key(x.agent))
    FROM (SELECT u AS agent FROM unnest(p_locked_agent) AS u ORDER BY u) AS x;
  END IF;
  IF cardinality(p_key_name) > 0 THEN
    keys := batch_claim_keys(p_workspace, v_goes_on, p_key_caller, p_key_agent, p_key_session, p_key_name,
      p_key_fingerprint, p_key_decision);
  END IF;
  SELECT r.runs, r.ids, r.sessions, r.has_failures INTO runs, v_runs, v_sessions, v_has_failures
  FROM batch_lock_runs(p_workspace, v_alive, p_run_agent, p_run_session, p_run_name, p_run_seconds) AS r;
  IF cardinality(p_named) + cardinality(p_ask_agent) > 0 THEN
    approvals := batch_lock_approvals(p_workspace, p_named, p_ask_agent, p_ask_action);
  END IF;
  breakers := batch_lock_breakers(v_alive, p_run_agent, p_call_run, p_call_tool);

  v_now := clock_timestamp();
  moment := v_now::text;
  iso := iso_utc(v_now);
  today := utc_day(v_now);
  seconds := extract(epoch FROM v_now);
  IF v_has_failures THEN
    SELECT json_agg(json_build_object('place', u.place, 'n', t.n)) INTO failed
    FROM unnest(p_call_run, p_call_action) WITH ORDINALITY AS u (run, action, place)
    JOIN tallies t ON t.scope_id = v_runs[u.run] AND t.key = u.action AND t.bucket = 0;
  END IF;
  IF cardinality(p_tally_run) > 0 THEN
    tallies := batch_read_tallies(v_now, p_run_agent, v_sessions, v_runs, p_tally_run, p_tally_scope, p_tally_key,
      p_tally_span);
  END IF;
  IF cardinality(p_day_agent) > 0 THEN
    days := batch_read_days(p_workspace, today, v_now, p_day_agent, p_day_cost, p_day_tokens);
  END IF;
  IF cardinality(p_ask_agent) > 0 THEN
    SELECT a.asking, a.refusals INTO asking, refusals
    FROM batch_read_asking(p_workspace, v_now, p_ask_agent, p_ask_args) AS a;
  END IF;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION batch_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION batch_open TO interlock_app;

-- How agents stand that may ask people: how much of theirs waits and how much may, whether they are paused for asking
-- too much, and for how long a refusal holds. And what people refused of these very calls within that time.
CREATE OR REPLACE FUNCTION batch_read_asking(p_workspace uuid, p_now timestamptz, p_agent uuid[], p_args text[])
RETURNS TABLE (asking json, refusals json)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_repeat integer;
  v_most integer;
BEGIN
  SELECT setting_number(w.settings, 'repeat_minutes', 0, 1440, 60) * 60,
    setting_number(w.settings, 'pending_cap', 1, 25, 10)
  INTO v_repeat, v_most FROM workspaces w WHERE w.id = p_workspace;
  SELECT json_agg(json_build_object('agent', x.agent, 'repeatSeconds', v_repeat, 'most', v_most,
    'waiting', (SELECT count(*) FROM approvals a
      WHERE a.agent_id = x.agent AND a.state = 'waiting' AND a.expires_at > p_now AND a.args_digest IS NOT NULL),
    'since', extract(epoch FROM f.since)::float8, 'refused', coalesce(f.refused, 0),
    'pausedUntil', extract(epoch FROM f.paused_until)::float8))
  INTO asking
  FROM (SELECT DISTINCT u AS agent FROM unnest(p_agent) AS u) AS x LEFT JOIN floods f ON f.agent_id = x.agent;
  SELECT json_agg(json_build_object('place', u.place, 'verdict', r.state,
    'at', extract(epoch FROM r.settled_at)::float8, 'note', r.note))
  INTO refusals
  FROM unnest(p_agent, p_args) WITH ORDINALITY AS u (agent, args, place)
  CROSS JOIN LATERAL (
    SELECT a.state, a.settled_at, a.note FROM approvals a
    WHERE a.agent_id = u.agent AND a.args_digest = u.args AND a.state IN ('denied', 'returned')
      AND a.settled_at > p_now - make_interval(secs => v_repeat)
    ORDER BY a.settled_at DESC LIMIT 1) AS r;
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION batch_read_asking FROM PUBLIC;

-- The agents of a batch as they stand: whether each is as its policy was read (`fresh`), and whether the credential it
-- called with is its own and valid (`alive`). `alive` lists the agents that may go on,
-- `goes_on` says so of each caller by its place.
CREATE OR REPLACE FUNCTION batch_read_callers(
  p_workspace uuid, p_agent uuid[], p_epoch bigint[], p_credential uuid[]
) RETURNS TABLE (callers json, alive uuid[], goes_on boolean[])
LANGUAGE sql VOLATILE AS $$
  SELECT
    json_agg(json_build_object('place', u.place, 'fresh', a.epoch IS NOT DISTINCT FROM u.epoch, 'alive', x.alive,
      'handle', a.handle, 'level', a.level, 'environment', a.environment, 'dri', a.dri_id)),
    array_agg(a.id) FILTER (WHERE x.alive AND a.epoch = u.epoch),
    array_agg(coalesce(x.alive AND a.epoch = u.epoch, false) ORDER BY u.place)
  FROM unnest(p_agent, p_epoch, p_credential) WITH ORDINALITY AS u (agent, epoch, credential, place)
  LEFT JOIN agents a ON a.id = u.agent AND a.workspace_id = p_workspace
  LEFT JOIN credentials c ON c.id = u.credential AND c.workspace_id = p_workspace
  CROSS JOIN LATERAL (SELECT coalesce(c.agent_id = a.id AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp(),
    false)) AS x (alive)
$$;

REVOKE ALL ON FUNCTION batch_read_callers FROM PUBLIC;

-- What agents have used or hold today of their daily budgets, and the rules of their open incidents of the last day.
-- Incidents are looked up by their ids, which say when they were made by a clock that may differ by a day.
CREATE OR REPLACE FUNCTION batch_read_days(
  p_workspace uuid, p_today text, p_now timestamptz, p_agent uuid[], p_cost bigint[], p_tokens bigint[]
) RETURNS json
LANGUAGE sql VOLATILE AS $$
  SELECT json_agg(json_build_object('agent', u.agent,
    'costMicros', CASE WHEN u.cost IS NULL THEN 0
      ELSE day_budget(p_workspace, u.agent, p_today, 'cost_micros', u.cost) END,
    'tokens', CASE WHEN u.tokens IS NULL THEN 0
      ELSE day_budget(p_workspace, u.agent, p_today, 'tokens', u.tokens) END,
    'incidents', (
      SELECT coalesce(json_agg(DISTINCT i.rule), '[]') FROM incidents i
      WHERE i.agent_id = u.agent AND i.id > uuid_at(p_now - interval '2 days') AND i.state = 'open'
        AND i.opened_at > p_now - interval '1 day')))
  FROM unnest(p_agent, p_cost, p_tokens) AS u (agent, cost, tokens)
$$;

REVOKE ALL ON FUNCTION batch_read_days FROM PUBLIC;

-- What is counted now under each tally that a batch wants, in its order. A tally is counted under its run, its session
-- or its agent, over its span.
CREATE OR REPLACE FUNCTION batch_read_tallies(
  p_now timestamptz, p_agents uuid[], p_sessions uuid[], p_runs uuid[],
  p_run integer[], p_scope text[], p_key text[], p_span integer[]
) RETURNS json
LANGUAGE sql STABLE AS $$
  SELECT json_agg(n.total ORDER BY u.place)
  FROM unnest(p_run, p_scope, p_key, p_span) WITH ORDINALITY AS u (run, scope, key, span, place)
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.n), 0)::bigint FROM tallies t
    WHERE t.scope_id = CASE u.scope WHEN 'run' THEN p_runs[u.run] WHEN 'session' THEN p_sessions[u.run]
        ELSE p_agents[u.run] END
      AND t.key = u.key AND t.bucket >= tally_since(u.span, p_now)) AS n (total)
$$;

REVOKE ALL ON FUNCTION batch_read_tallies FROM PUBLIC;

-- The second statement of a batch: writes what was judged, as sets, in the transaction that `batch_open` began. What
-- only some calls leave behind (approvals, halts, pauses, trials) comes as rows in `p_rare`.
CREATE OR REPLACE FUNCTION batch_write(
  p_workspace uuid, p_moment timestamptz, p_today text,
  p_id uuid[], p_agent uuid[], p_credential uuid[], p_session uuid[], p_run uuid[], p_call_id text[], p_step integer[],
  p_tool text[], p_tool_hash text[], p_action text[], p_call jsonb[], p_salt bytea[], p_verdict text[], p_rule text[],
  p_reasons jsonb[], p_checks jsonb[], p_risk jsonb[], p_facts jsonb[], p_manifest_version integer[],
  p_manifest_hash text[], p_guardrail_version integer[], p_guardrail_hash text[], p_approval uuid[],
  p_reserved bigint[], p_remaining jsonb[], p_receipt text[],
  p_entry_id uuid[], p_entry_kind text[], p_entry_body text[],
  p_event_id uuid[], p_event_topic text[], p_event_payload jsonb[],
  p_allowed_id uuid[], p_allowed_approval uuid[], p_allowed_action text[], p_allowed_micros bigint[],
  p_allowed_tokens bigint[],
  p_run_id uuid[], p_run_state text[], p_run_halted text[], p_run_steps integer[], p_run_allowed integer[],
  p_run_asked integer[], p_run_refused integer[], p_run_cost bigint[], p_run_action text[], p_run_same integer[],
  p_run_reach jsonb[],
  p_budget_run uuid[], p_budget_limit bigint[], p_budget_used bigint[], p_budget_held bigint[],
  p_day_agent uuid[], p_day_metric text[], p_day_limit bigint[], p_day_held bigint[],
  p_tally_scope uuid[], p_tally_key text[], p_tally_span integer[], p_tally_n bigint[],
  p_rare jsonb
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE runs r
  SET state = u.state, halted_reason = u.halted, steps = u.steps, allowed = u.allowed, asked = u.asked,
    refused = u.refused, cost_micros = u.cost, last_at = p_moment, last_action = u.action, same_calls = u.same,
    reach = u.reach
  FROM unnest(p_run_id, p_run_state, p_run_halted, p_run_steps, p_run_allowed, p_run_asked, p_run_refused, p_run_cost,
      p_run_action, p_run_same, p_run_reach)
    AS u (id, state, halted, steps, allowed, asked, refused, cost, action, same, reach)
  WHERE r.id = u.id;
  IF cardinality(p_budget_run) + cardinality(p_day_agent) + cardinality(p_tally_scope) > 0 THEN
    PERFORM batch_write_counts(p_workspace, p_moment, p_today, p_budget_run, p_budget_limit, p_budget_used,
      p_budget_held, p_day_agent, p_day_metric, p_day_limit, p_day_held, p_tally_scope, p_tally_key, p_tally_span,
      p_tally_n);
  END IF;
  IF p_rare IS NOT NULL THEN PERFORM batch_write_rare(p_workspace, p_moment, p_rare); END IF;

  INSERT INTO decisions (id, workspace_id, agent_id, credential_id, session_id, run_id, call_id, step, tool, tool_hash,
    action_digest, call, salt, verdict, rule, reasons, checks, risk, facts, manifest_version, manifest_hash,
    guardrail_version, guardrail_hash, approval_id, reserved_micros, remaining, receipt, created_at)
  SELECT u.id, p_workspace, u.agent, u.credential, u.session, u.run, u.call_id, u.step, u.tool, u.tool_hash, u.action,
    u.call, u.salt, u.verdict, u.rule, u.reasons, u.checks, u.risk, u.facts, u.mv, u.mh, u.gv, u.gh, u.approval,
    u.reserved, u.remaining, u.receipt, p_moment
  FROM unnest(p_id, p_agent, p_credential, p_session, p_run, p_call_id, p_step, p_tool, p_tool_hash, p_action, p_call,
      p_salt, p_verdict, p_rule, p_reasons, p_checks, p_risk, p_facts, p_manifest_version, p_manifest_hash,
      p_guardrail_version, p_guardrail_hash, p_approval, p_reserved, p_remaining, p_receipt)
    AS u (id, agent, credential, session, run, call_id, step, tool, tool_hash, action, call, salt, verdict, rule,
      reasons, checks, risk, facts, mv, mh, gv, gh, approval, reserved, remaining, receipt);
  INSERT INTO executions (decision_id, workspace_id, approval_id, action_digest, reserved_micros, reserved_tokens,
    state, created_at, day)
  SELECT u.id, p_workspace, u.approval, u.action, u.micros, u.tokens, 'granted', p_moment, p_today
  FROM unnest(p_allowed_id, p_allowed_approval, p_allowed_action, p_allowed_micros, p_allowed_tokens)
    AS u (id, approval, action, micros, tokens);
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
  SELECT u.id, p_workspace, u.kind, u.body, p_moment
  FROM unnest(p_entry_id, p_entry_kind, p_entry_body) AS u (id, kind, body);
  INSERT INTO outbox (id, workspace_id, topic, payload, xid, created_at)
  SELECT u.id, p_workspace, u.topic, u.payload, pg_current_xact_id(), p_moment
  FROM unnest(p_event_id, p_event_topic, p_event_payload) AS u (id, topic, payload);
END $$;

REVOKE ALL ON FUNCTION batch_write FROM PUBLIC;
GRANT EXECUTE ON FUNCTION batch_write TO interlock_app;

-- Adds what the allowed calls of a batch hold and count: to each run's budget, to each agent's day, and to tallies. The
-- budgets' own constraint refuses more than the limit.
CREATE OR REPLACE FUNCTION batch_write_counts(
  p_workspace uuid, p_moment timestamptz, p_today text,
  p_run uuid[], p_run_limit bigint[], p_run_used bigint[], p_run_held bigint[],
  p_day_agent uuid[], p_day_metric text[], p_day_limit bigint[], p_day_held bigint[],
  p_tally_scope uuid[], p_tally_key text[], p_tally_span integer[], p_tally_n bigint[]
) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO budgets AS b (workspace_id, scope, scope_id, metric, limit_amount, used, reserved)
  SELECT p_workspace, 'run', u.run, 'cost_micros', u.most, u.used, u.held
  FROM unnest(p_run, p_run_limit, p_run_used, p_run_held) AS u (run, most, used, held) ORDER BY u.run
  ON CONFLICT (scope_id, metric, period)
    DO UPDATE SET reserved = b.reserved + excluded.reserved, limit_amount = excluded.limit_amount;
  UPDATE budgets b
  SET reserved = b.reserved + u.held, limit_amount = greatest(u.most, b.used + b.reserved + u.held)
  FROM unnest(p_day_agent, p_day_metric, p_day_limit, p_day_held) AS u (agent, metric, most, held)
  WHERE b.scope_id = u.agent AND b.metric = u.metric AND b.period = p_today;
  INSERT INTO tallies AS t (workspace_id, scope_id, key, bucket, n, updated_at)
  SELECT p_workspace, u.scope, u.key, tally_bucket(u.span, p_moment), sum(u.n), p_moment
  FROM unnest(p_tally_scope, p_tally_key, p_tally_span, p_tally_n) AS u (scope, key, span, n)
  GROUP BY 2, 3, 4 ORDER BY 2, 3, 4
  ON CONFLICT (scope_id, key, bucket) DO UPDATE SET n = t.n + excluded.n, updated_at = excluded.updated_at;
END $$;

REVOKE ALL ON FUNCTION batch_write_counts FROM PUBLIC;

-- Writes what only some calls leave behind. Each part of `p_rare` is a list of rows with columns of the tables.
CREATE OR REPLACE FUNCTION batch_write_rare(p_workspace uuid, p_moment timestamptz, p_rare jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_used bigint := jsonb_array_length(p_rare -> 'used');
  v_count bigint;
BEGIN
  UPDATE approvals a SET state = u.state, superseded_by = u.superseded_by, settled_at = u.settled_at
  FROM jsonb_to_recordset(p_rare -> 'settled') AS u (id uuid, state text, superseded_by uuid, settled_at timestamptz)
  WHERE a.id = u.id;
  INSERT INTO approvals (id, workspace_id, agent_id, session_id, run_id, decision_id, tool, action_digest,
    manifest_version, state, display, display_digest, score, band, quorum, approver_role, separation_of_duties,
    dri_at_request, created_at, expires_at, action_ref, display_ref, args_digest, shape_digest, shown_digest,
    base_digest, superseded_by, settled_at)
  SELECT a.id, p_workspace, a.agent_id, a.session_id, a.run_id, a.decision_id, a.tool, a.action_digest,
    a.manifest_version, a.state, a.display, a.display_digest, a.score, a.band, a.quorum, a.approver_role,
    a.separation_of_duties, a.dri_at_request, p_moment, a.expires_at, a.action_ref, a.display_ref, a.args_digest,
    a.shape_digest, a.shown_digest, a.base_digest, a.superseded_by, a.settled_at
  FROM jsonb_populate_recordset(NULL::approvals, p_rare -> 'opened') AS a;
  UPDATE approvals a SET base_moved_at = p_moment
  FROM jsonb_to_recordset(p_rare -> 'moved') AS u (id uuid) WHERE a.id = u.id AND a.base_moved_at IS NULL;

  UPDATE approvals a SET state = 'consumed', consumed_by = u.decision
  FROM jsonb_to_recordset(p_rare -> 'used') AS u (id uuid, decision uuid) WHERE a.id = u.id AND a.state = 'approved';
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count <> v_used THEN RAISE EXCEPTION 'an approval changed under its lock'; END IF;
  UPDATE grants g SET consumed_at = p_moment, consumed_by = u.decision
  FROM jsonb_to_recordset(p_rare -> 'used') AS u (id uuid, decision uuid)
  WHERE g.approval_id = u.id AND g.consumed_at IS NULL
    -- Named a second time, so that the grants are looked up and never walked.
    AND g.approval_id = ANY (ARRAY(SELECT (x ->> 'id')::uuid FROM jsonb_array_elements(p_rare -> 'used') AS x));
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count <> v_used THEN RAISE EXCEPTION 'an approval has no open grant'; END IF;

  INSERT INTO floods AS f (agent_id, workspace_id, since, refused, paused_until)
  SELECT u.agent_id, p_workspace, u.since, u.refused, u.paused_until
  FROM jsonb_populate_recordset(NULL::floods, p_rare -> 'floods') AS u
  ON CONFLICT (agent_id)
    DO UPDATE SET since = excluded.since, refused = excluded.refused, paused_until = excluded.paused_until;
  UPDATE breakers b SET trial_at = p_moment
  FROM jsonb_to_recordset(p_rare -> 'trials') AS u (agent uuid, tool text)
  WHERE b.agent_id = u.agent AND b.tool = u.tool;
  INSERT INTO stops (id, workspace_id, scope, target_id, reason, requested_by, requested_at, confirmed_at, decision_id)
  SELECT u.id, p_workspace, 'run', u.target_id, u.reason, NULL, p_moment, p_moment, u.decision_id
  FROM jsonb_populate_recordset(NULL::stops, p_rare -> 'stops') AS u;
  INSERT INTO incidents (id, workspace_id, agent_id, run_id, decision_id, stop_id, class, rule, title, opened_at)
  SELECT u.id, p_workspace, u.agent_id, u.run_id, u.decision_id, u.stop_id, u.class, u.rule, u.title, p_moment
  FROM jsonb_populate_recordset(NULL::incidents, p_rare -> 'incidents') AS u;
END $$;

REVOKE ALL ON FUNCTION batch_write_rare FROM PUBLIC;

-- Returns how long a tie holds in a workspace. A workspace that the caller cannot see gets the default.
CREATE OR REPLACE FUNCTION cooling_off(p_workspace uuid) RETURNS interval
LANGUAGE sql STABLE AS $$
  SELECT make_interval(
    secs => 3600 * coalesce((SELECT w.cooling_off_hours FROM workspaces w WHERE w.id = p_workspace), 72))
$$;

-- Returns the workspace of this transaction, or null when none is set. The row-level security policies compare with it.
CREATE OR REPLACE FUNCTION current_workspace() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('interlock.workspace_id', true), '')::uuid
$$;

-- What an agent has used or holds of a day's budget. The budget is made when it is first needed, from what the day has
-- cost so far, so that a limit published at noon counts the morning. The caller holds the agent's lock.
CREATE OR REPLACE FUNCTION day_budget(p_workspace uuid, p_agent uuid, p_today text, p_metric text, p_limit bigint)
RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_total bigint;
  v_settled bigint;
  v_held bigint;
BEGIN
  SELECT b.used + b.reserved + b.overrun INTO v_total
  FROM budgets b WHERE b.scope_id = p_agent AND b.metric = p_metric AND b.period = p_today;
  IF v_total IS NOT NULL THEN RETURN v_total; END IF;

  SELECT coalesce(sum(x.spent), 0), coalesce(sum(x.held), 0) INTO v_settled, v_held
  FROM (
    SELECT
      CASE WHEN o.id IS NULL AND e.state IN ('granted', 'dispatching', 'unreported', 'unknown') THEN 0
        WHEN p_metric = 'tokens' THEN coalesce(o.tokens, e.reserved_tokens)
        ELSE coalesce(o.cost_micros, e.reserved_micros) END AS spent,
      CASE WHEN o.id IS NOT NULL THEN 0 WHEN p_metric = 'tokens' THEN e.reserved_tokens
        ELSE e.reserved_micros END AS held
    FROM decisions d JOIN executions e ON e.decision_id = d.id LEFT JOIN outcomes o ON o.decision_id = d.id
    WHERE d.agent_id = p_agent AND d.verdict = 'allow'
      AND d.id >= uuid_at(p_today::timestamp AT TIME ZONE 'UTC')) AS x;
  INSERT INTO budgets (workspace_id, scope, scope_id, metric, period, limit_amount, used, reserved)
  VALUES (p_workspace, 'agent', p_agent, p_metric, p_today, greatest(p_limit, v_settled + v_held), v_settled, v_held)
  ON CONFLICT DO NOTHING;
  RETURN v_settled + v_held;
END $$;

REVOKE ALL ON FUNCTION day_budget FROM PUBLIC;

-- Returns, over all workspaces, how long the oldest undelivered message has been due and how long ago the outbox was
-- read. It is security definer because metrics have no workspace.
CREATE OR REPLACE FUNCTION delivery_lag() RETURNS TABLE (due_seconds double precision, read_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT
    coalesce((
      SELECT greatest(0, extract(epoch FROM clock_timestamp() - min(d.due_at)))
      FROM deliveries d
      JOIN delivery_cursors c ON c.workspace_id = d.workspace_id AND c.held_at IS NULL
      LEFT JOIN destinations o ON o.id = d.destination_id
      WHERE d.state IN ('planned', 'pending') AND d.attempts = 0 AND coalesce(o.state, 'on') = 'on'
    ), 0)::float8,
    coalesce((
      SELECT extract(epoch FROM clock_timestamp() - min(c.read_at)) FROM delivery_cursors c WHERE c.held_at IS NULL
    ), 0)::float8
$$;

REVOKE ALL ON FUNCTION delivery_lag FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delivery_lag TO interlock_app;

-- Lists the members who became or ceased to be an agent's DRI less than a cooling-off period before a moment, or after.
CREATE OR REPLACE FUNCTION dris_lately(p_agent uuid, p_moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT one), '{}')
  FROM (
    SELECT unnest(ARRAY[c.from_member, c.to_member]) AS one
    FROM dri_changes c
    WHERE c.agent_id = p_agent AND c.created_at > p_moment - cooling_off(c.workspace_id)
  ) AS them
$$;

-- Creates the daily partitions of `decisions` from today to the given number of days ahead, and returns how many it
-- created. It is security definer because the application's role owns no tables.
CREATE OR REPLACE FUNCTION ensure_partitions(p_days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_day date;
  v_partition text;
  v_created integer := 0;
BEGIN
  FOR v_offset IN 0..p_days_ahead LOOP
    v_day := (clock_timestamp() AT TIME ZONE 'UTC')::date + v_offset;
    v_partition := 'decisions_' || to_char(v_day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(v_partition) IS NOT NULL;
    BEGIN
      EXECUTE format(
        'CREATE TABLE %I PARTITION OF decisions FOR VALUES FROM (%L) TO (%L)',
        v_partition,
        uuid_at(v_day::timestamp AT TIME ZONE 'UTC'),
        uuid_at((v_day + 1)::timestamp AT TIME ZONE 'UTC')
      );
      v_created := v_created + 1;
    EXCEPTION WHEN check_violation OR duplicate_table THEN
      -- The default partition already has rows of that day, or another process created the partition first.
      NULL;
    END;
  END LOOP;
  RETURN v_created;
END $$;

REVOKE ALL ON FUNCTION ensure_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_partitions TO interlock_app;

-- Trigger: when the payload of a decision is erased, erases the copies that calibration items show of it and withdraws
-- the items made from it.
CREATE OR REPLACE FUNCTION erase_stand_ins() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_item_ids uuid[];
BEGIN
  SELECT array_agg(DISTINCT copies.item_id) INTO v_item_ids
  FROM (
    SELECT s.item_id FROM stand_in_decisions s WHERE s.origin_id = NEW.decision_id
    UNION
    SELECT c.approval_id FROM calibration_items c JOIN approvals a ON a.id = c.source_id
    WHERE a.decision_id = NEW.decision_id
  ) AS copies (item_id);

  DELETE FROM stand_in_decisions WHERE item_id = ANY (v_item_ids);
  DELETE FROM stand_in_runs WHERE item_id = ANY (v_item_ids);
  UPDATE approvals
  SET state = CASE state WHEN 'waiting' THEN 'withdrawn' ELSE state END,
    settled_at = coalesce(settled_at, clock_timestamp()),
    display = '{"erased": true}',
    note = NULL
  WHERE id = ANY (v_item_ids) AND executor = 'none';
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER erase_stand_ins AFTER INSERT ON payload_erasures
  FOR EACH ROW EXECUTE FUNCTION erase_stand_ins();

-- Finds a valid agent credential by the hash of its secret. It is security definer because the workspace is not known
-- before the credential is.
CREATE OR REPLACE FUNCTION find_credential(p_hash bytea)
RETURNS TABLE (workspace_id uuid, agent_id uuid, credential_id uuid, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.workspace_id, c.agent_id, c.id, c.scopes
  FROM credentials c
  WHERE c.hash = p_hash AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp()
$$;

REVOKE ALL ON FUNCTION find_credential FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_credential TO interlock_app;

-- Finds the workspace of a delivery. Slack names our message and no workspace, and the workspace's secret is needed to
-- check Slack's signature, so this is security definer and returns nothing else.
CREATE OR REPLACE FUNCTION find_delivery_workspace(p_delivery_id uuid) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.workspace_id FROM deliveries d WHERE d.id = p_delivery_id
$$;

REVOKE ALL ON FUNCTION find_delivery_workspace FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_delivery_workspace TO interlock_app;

-- Finds the member and invitation that an open invitation's code belongs to. It is security definer because the
-- workspace is not known before the code is found, so it returns no more than that.
CREATE OR REPLACE FUNCTION find_invitation(p_hash bytea)
RETURNS TABLE (workspace_id uuid, member_id uuid, invitation_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.workspace_id, i.member_id, i.id
  FROM invitations i JOIN members m ON m.id = i.member_id
  WHERE i.code_hash = p_hash AND i.accepted_at IS NULL AND i.closed_at IS NULL AND i.expires_at > clock_timestamp()
    AND m.disabled_at IS NULL
$$;

REVOKE ALL ON FUNCTION find_invitation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_invitation TO interlock_app;

-- Finds the enabled accounts with an email address, at most 20, for sign-in. It is security definer because the
-- workspace is not known before the person has signed in.
CREATE OR REPLACE FUNCTION find_members_by_email(p_email text)
RETURNS TABLE (workspace_id uuid, member_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.workspace_id, m.id, m.password_hash
  FROM members m
  WHERE m.email = lower(p_email) AND m.disabled_at IS NULL
  ORDER BY m.created_at
  LIMIT 20
$$;

REVOKE ALL ON FUNCTION find_members_by_email FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_members_by_email TO interlock_app;

-- Finds a valid personal token by the hash of its secret, with the roles its member has now. It is security definer
-- because the workspace is not known before the token is.
CREATE OR REPLACE FUNCTION find_personal_token(p_hash bytea)
RETURNS TABLE (workspace_id uuid, member_id uuid, token_id uuid, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.workspace_id, t.member_id, t.id, m.roles
  FROM personal_tokens t
  JOIN members m ON m.id = t.member_id
  WHERE t.hash = p_hash AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp() AND m.disabled_at IS NULL
$$;

REVOKE ALL ON FUNCTION find_personal_token FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_personal_token TO interlock_app;

-- Finds the workspace of an unused, unexpired code that links a Slack user to a member. Slack's request names no
-- workspace, and its secret is needed to check the signature, so this is security definer and returns nothing else.
CREATE OR REPLACE FUNCTION find_slack_code_workspace(p_hash bytea) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.workspace_id
  FROM slack_codes c
  WHERE c.hash = p_hash AND c.used_at IS NULL AND c.expires_at > clock_timestamp()
$$;

REVOKE ALL ON FUNCTION find_slack_code_workspace FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_slack_code_workspace TO interlock_app;

-- Formats a moment as ISO 8601 in UTC with milliseconds, as JavaScript's toISOString does.
CREATE OR REPLACE FUNCTION iso_utc(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- Lists the ids of all workspaces, for jobs that visit each. It is security definer because the application's role sees
-- one workspace at a time.
CREATE OR REPLACE FUNCTION list_workspace_ids() RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id FROM workspaces w ORDER BY w.id
$$;

REVOKE ALL ON FUNCTION list_workspace_ids FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_workspace_ids TO interlock_app;

-- Returns a UUIDv7 of the current time. Written here because servers before PostgreSQL 18 have no uuidv7().
CREATE OR REPLACE FUNCTION new_uuid() RETURNS uuid
LANGUAGE sql VOLATILE AS $$
  SELECT (substr(millis, 1, 8) || '-' || substr(millis, 9, 4) || '-7' || substr(gen_random_uuid()::text, 16))::uuid
  FROM (SELECT lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')) AS t (millis)
$$;

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

-- The first statement of an outcome's report: locks the agent's day, the run and the execution in the order of a batch,
-- and returns what stands of the call. Returns no row for a call that this agent did not make.
CREATE OR REPLACE FUNCTION outcome_open(p_workspace uuid, p_agent uuid, p_decision uuid)
RETURNS TABLE (moment text, iso text, handle text, run_id uuid, tool text, action text, day text, standing json)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_metrics text[] := ARRAY['cost_micros', 'tokens'];
  v_decision record;
  v_execution executions;
  v_run runs;
  v_now timestamptz;
BEGIN
  PERFORM set_config('interlock.workspace_id', p_workspace::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(p_workspace));
  SELECT d.run_id, d.verdict, d.tool, d.action_digest, a.handle INTO v_decision
    FROM decisions d JOIN agents a ON a.id = d.agent_id
    WHERE d.id = p_decision AND d.agent_id = p_agent AND d.workspace_id = p_workspace;
  IF NOT FOUND THEN RETURN; END IF;

  SELECT * INTO v_execution FROM executions e WHERE e.decision_id = p_decision;
  IF EXISTS (SELECT FROM budgets b WHERE b.scope_id = p_agent AND b.metric = ANY (v_metrics)
      AND b.period = v_execution.day) THEN
    PERFORM pg_advisory_xact_lock(agent_lock_key(p_agent));
  END IF;
  SELECT * INTO v_run FROM runs r WHERE r.id = v_decision.run_id FOR UPDATE;
  SELECT * INTO v_execution FROM executions e WHERE e.decision_id = p_decision FOR UPDATE;
  v_now := clock_timestamp();
  moment := v_now::text; iso := iso_utc(v_now); handle := v_decision.handle; run_id := v_run.id;
  tool := v_decision.tool; action := v_decision.action_digest; day := v_execution.day;
  standing := json_build_object('verdict', v_decision.verdict,
    'known', (SELECT json_build_object('claimed', o.claimed, 'resultHash', o.result_hash) FROM outcomes o
      WHERE o.decision_id = p_decision),
    'reservedMicros', coalesce(v_execution.reserved_micros, 0),
    'reservedTokens', coalesce(v_execution.reserved_tokens, 0),
    'run', json_build_object('state', v_run.state, 'costMicros', v_run.cost_micros, 'failures', v_run.failures,
      'sameCalls', v_run.same_calls, 'lastResult', v_run.last_result),
    'budgets', (SELECT coalesce(json_agg(json_build_object('scope', b.scope, 'metric', b.metric,
        'limit', b.limit_amount, 'used', b.used, 'reserved', b.reserved)), '[]')
      FROM (SELECT x.* FROM (VALUES (v_run.id, ''), (p_agent, v_execution.day)) AS k (scope, period)
        CROSS JOIN unnest(v_metrics) AS m (metric)
        JOIN budgets x ON x.scope_id = k.scope AND x.metric = m.metric AND x.period = k.period
        ORDER BY x.scope_id, x.metric, x.period FOR UPDATE OF x) AS b));
  RETURN NEXT;
END $$;

REVOKE ALL ON FUNCTION outcome_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outcome_open TO interlock_app;

-- The second statement of an outcome's report: writes what it came to, in the transaction that `outcome_open` began.
-- `p_change` has the fields of a settlement; `p_rare` is what a halt leaves behind, as a batch writes it.
CREATE OR REPLACE FUNCTION outcome_write(
  p_workspace uuid, p_moment timestamptz, p_agent uuid, p_run uuid, p_decision uuid, p_tool text,
  p_action text, p_day text,
  p_report jsonb, p_change jsonb, p_entry_id uuid[], p_entry_kind text[], p_entry_body text[],
  p_event_id uuid[], p_event_topic text[], p_event_payload jsonb[], p_rare jsonb)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_run jsonb := p_change -> 'run';
BEGIN
  INSERT INTO outcomes (id, workspace_id, decision_id, run_id, outcome, claimed, faults, result_hash, cost_micros,
    tokens, latency_ms, created_at)
  SELECT r.id, p_workspace, p_decision, p_run, r.outcome, r.claimed, r.faults, r.result_hash, r.cost_micros, r.tokens,
    r.latency_ms, p_moment
  FROM jsonb_populate_record(NULL::outcomes, p_report) AS r;
  UPDATE executions e SET state = p_change ->> 'execution' WHERE e.decision_id = p_decision;
  UPDATE budgets b SET used = u.used, reserved = u.reserved, overrun = b.overrun + u.overrun
    FROM jsonb_to_recordset(p_change -> 'budgets')
      AS u (scope text, metric text, used bigint, reserved bigint, overrun bigint)
    WHERE b.metric = u.metric AND b.scope_id = CASE u.scope WHEN 'run' THEN p_run ELSE p_agent END
      AND b.period = CASE u.scope WHEN 'run' THEN '' ELSE p_day END;
  UPDATE runs r SET cost_micros = (v_run ->> 'costMicros')::bigint, failures = (v_run ->> 'failures')::integer,
      same_calls = (v_run ->> 'sameCalls')::integer, last_result = v_run ->> 'lastResult',
      state = CASE WHEN p_change -> 'halt' = 'null' THEN r.state ELSE 'halted' END,
      halted_reason = CASE WHEN p_change -> 'halt' = 'null' THEN r.halted_reason ELSE p_change -> 'halt' ->> 'rule' END
    WHERE r.id = p_run;
  IF p_change ->> 'result' = 'failure' THEN
    INSERT INTO tallies AS t (workspace_id, scope_id, key, bucket, n, updated_at)
      VALUES (p_workspace, p_run, p_action, 0, 1, p_moment)
      ON CONFLICT (scope_id, key, bucket) DO UPDATE SET n = t.n + 1, updated_at = excluded.updated_at;
    INSERT INTO breakers AS b (workspace_id, agent_id, tool, failures, failed_at)
      VALUES (p_workspace, p_agent, p_tool, 1, p_moment)
      ON CONFLICT (agent_id, tool)
        DO UPDATE SET failures = b.failures + 1, failed_at = excluded.failed_at, trial_at = NULL;
  ELSIF p_change ->> 'result' = 'success' THEN
    DELETE FROM tallies t WHERE t.scope_id = p_run AND t.key = p_action AND t.bucket = 0;
    DELETE FROM breakers b WHERE b.agent_id = p_agent AND b.tool = p_tool;
  END IF;
  IF p_rare IS NOT NULL THEN PERFORM batch_write_rare(p_workspace, p_moment, p_rare); END IF;
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
    SELECT u.id, p_workspace, u.kind, u.body, p_moment
    FROM unnest(p_entry_id, p_entry_kind, p_entry_body) AS u (id, kind, body);
  INSERT INTO outbox (id, workspace_id, topic, payload, xid, created_at)
    SELECT u.id, p_workspace, u.topic, u.payload, pg_current_xact_id(), p_moment
    FROM unnest(p_event_id, p_event_topic, p_event_payload) AS u (id, topic, payload);
END $$;

REVOKE ALL ON FUNCTION outcome_write FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outcome_write TO interlock_app;

-- Trigger: queues each new ledger entry for its place in the tree. It is security definer because the application's
-- role may not insert into the queue.
CREATE OR REPLACE FUNCTION queue_ledger_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO ledger_pending (workspace_id, created_at, entry_id)
  SELECT workspace_id, created_at, id FROM new_entries;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION queue_ledger_entries FROM PUBLIC;

CREATE OR REPLACE TRIGGER queue AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS new_entries
  FOR EACH STATEMENT EXECUTE FUNCTION queue_ledger_entries();

-- Trigger: refuses a change to a row that is never changed, also for the owner of the tables.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_leaves
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_nodes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_checkpoints
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON tool_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON payload_erasures
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A calibration item keeps where it came from, is never deleted, and keeps its result once it is closed.
CREATE OR REPLACE TRIGGER origin_stays
  BEFORE UPDATE OF approval_id, workspace_id, executor, source_id, source_executor, salt, created_at
  ON calibration_items
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER stays BEFORE DELETE ON calibration_items
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER result_stays BEFORE UPDATE ON calibration_items
  FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

-- Trigger: refuses a vote for an approval when somebody who counts as one person with the voter has voted for it.
CREATE OR REPLACE FUNCTION refuse_dependent_vote() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM votes e
    WHERE e.approval_id = NEW.approval_id AND e.id <> NEW.id AND e.undone_at IS NULL AND e.verdict = 'approve'
      AND (e.member_id = ANY (tied_accounts(NEW.member_id, NEW.created_at))
        OR answers_for(e.member_id, e.created_at) && answers_for(NEW.member_id, NEW.created_at))) THEN
    RAISE EXCEPTION 'two votes of people who count as one'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'votes_two_people';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER vote_two_people AFTER INSERT ON votes
  FOR EACH ROW WHEN (NEW.verdict = 'approve') EXECUTE FUNCTION refuse_dependent_vote();

-- Trigger: refuses to end a stop without the consents of two people who may resume now, do not answer for its agent and
-- have not lately.
CREATE OR REPLACE FUNCTION refuse_lone_resume() RETURNS trigger
LANGUAGE plpgsql AS $$
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
    SELECT FROM counting one JOIN counting other ON one.id < other.id
    WHERE are_two_people(one.id, other.id, v_now)) THEN
    RAISE EXCEPTION 'a stop ends by two people'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stops_two_people';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER resume_two_people BEFORE UPDATE OF resumed_at ON stops
  FOR EACH ROW WHEN (OLD.resumed_at IS NULL AND NEW.resumed_at IS NOT NULL) EXECUTE FUNCTION refuse_lone_resume();

-- Trigger: refuses to put a version that widens in force unless its publisher and its author are two people.
CREATE OR REPLACE FUNCTION refuse_lone_widening() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_agent uuid := nullif(to_jsonb(NEW) ->> 'agent_id', '')::uuid;
BEGIN
  IF NOT are_two_people(NEW.created_by, NEW.published_by, v_now)
     OR dris_lately(v_agent, v_now) && (answers_for(NEW.created_by, v_now) || answers_for(NEW.published_by, v_now)) THEN
    RAISE EXCEPTION 'a widening takes two people'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'widening_two_people';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER widening_two_people BEFORE UPDATE OF state ON manifests
  FOR EACH ROW WHEN (OLD.state = 'pending' AND NEW.state = 'published' AND NEW.change = 'widening')
  EXECUTE FUNCTION refuse_lone_widening();
CREATE OR REPLACE TRIGGER widening_two_people BEFORE UPDATE OF state ON guardrails
  FOR EACH ROW WHEN (OLD.state = 'pending' AND NEW.state = 'published' AND NEW.change = 'widening')
  EXECUTE FUNCTION refuse_lone_widening();

-- Trigger: refuses to change who carries out an approval. A calibration item must never become a request that can run.
CREATE OR REPLACE FUNCTION refuse_other_executor() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'who carries out approval % never changes', OLD.id USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE TRIGGER executor_stays BEFORE UPDATE OF executor ON approvals
  FOR EACH ROW WHEN (OLD.executor IS DISTINCT FROM NEW.executor) EXECUTE FUNCTION refuse_other_executor();

-- Trigger: refuses to remove an entry from the ledger's queue before it has a leaf. It is security definer because it
-- must see the leaves of every workspace.
CREATE OR REPLACE FUNCTION refuse_unsequenced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM removed r WHERE NOT EXISTS (SELECT FROM ledger_leaves l WHERE l.entry_id = r.entry_id)
  ) THEN
    RAISE EXCEPTION 'an entry without a leaf cannot leave the queue' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION refuse_unsequenced FROM PUBLIC;

CREATE OR REPLACE TRIGGER sequenced AFTER DELETE ON ledger_pending
  REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_unsequenced();

-- Returns how many migrations the database has and how many are unfinished, for the readiness check. It is security
-- definer because the bookkeeping table belongs to the role that migrates.
CREATE OR REPLACE FUNCTION schema_state() RETURNS TABLE (migrations integer, unfinished integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF to_regclass('_prisma_migrations') IS NULL THEN
    RETURN QUERY SELECT 0, 0;
    RETURN;
  END IF;
  -- EXECUTE, because a database that Prisma has not migrated has no such table to plan for.
  RETURN QUERY EXECUTE
    'SELECT count(*)::integer, (count(*) FILTER (WHERE finished_at IS NULL AND rolled_back_at IS NULL))::integer '
    'FROM _prisma_migrations';
END $$;

REVOKE ALL ON FUNCTION schema_state FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schema_state TO interlock_app;

-- Trigger: records which person a vote belongs to, so that one person has one standing vote whichever account they use.
CREATE OR REPLACE FUNCTION set_vote_person() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(m.person_id, m.id) INTO STRICT NEW.person_id FROM members m WHERE m.id = NEW.member_id;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER vote_person BEFORE INSERT ON votes
  FOR EACH ROW EXECUTE FUNCTION set_vote_person();

-- Reads a whole number from a workspace's settings. Returns the default when the setting is missing, is not a whole
-- number or is out of range.
CREATE OR REPLACE FUNCTION setting_number(
  p_settings jsonb, p_name text, p_lowest integer, p_highest integer, p_default integer
) RETURNS integer
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_value numeric;
BEGIN
  IF jsonb_typeof(p_settings -> p_name) IS DISTINCT FROM 'number' THEN RETURN p_default; END IF;
  v_value := (p_settings ->> p_name)::numeric;
  RETURN CASE
    WHEN v_value BETWEEN p_lowest AND p_highest AND v_value = trunc(v_value) THEN v_value::integer
    ELSE p_default
  END;
END $$;

-- Returns the bucket of a counter that a moment falls into: a sixtieth of the span in seconds. A counter without a span
-- has the one bucket 0 and lasts as long as its scope.
CREATE OR REPLACE FUNCTION tally_bucket(p_span integer, p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN p_span IS NULL THEN 0
    ELSE floor(extract(epoch FROM p_at) / greatest(1, p_span / 60))::bigint
  END
$$;

-- Returns the first bucket that still counts at a moment. It is counted whole although the span ends within it, so that
-- a limit is reached early rather than late.
CREATE OR REPLACE FUNCTION tally_since(p_span integer, p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT tally_bucket(p_span, p_at - make_interval(secs => coalesce(p_span, 0)))
$$;

-- Lists the accounts that count as one person with an account at a moment: the person's own, and every account that
-- ties which hold lead to, step by step.
CREATE OR REPLACE FUNCTION tied_accounts(p_member uuid, p_moment timestamptz) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE holding AS MATERIALIZED (
    SELECT t.member_id, t.by_member
    FROM members me JOIN member_ties t ON t.workspace_id = me.workspace_id
    WHERE me.id = p_member AND t.ended_at IS NULL AND t.created_at > p_moment - cooling_off(me.workspace_id)
  ), reached (id) AS (
    SELECT unnest(accounts_of(p_member))
    UNION
    SELECT unnest(accounts_of(CASE WHEN h.member_id = r.id THEN h.by_member ELSE h.member_id END))
    FROM reached r JOIN holding h ON r.id IN (h.member_id, h.by_member)
  )
  SELECT array_agg(id) FROM reached
$$;

-- Returns the parts of a tool that make up its definition and so its hash. `hints` is part of it only when the server
-- sent any, so that tools from before hints were kept have the same hash.
CREATE OR REPLACE FUNCTION tool_definition(p_tool tools) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object(
      'name', p_tool.name,
      'description', p_tool.description,
      'args_schema', p_tool.args_schema,
      'result_schema', p_tool.result_schema,
      'reversibility', p_tool.reversibility,
      'blast_radius', p_tool.blast_radius,
      'scope_argument', p_tool.scope_argument
    )
    || CASE WHEN p_tool.hints IS NULL THEN '{}' ELSE jsonb_build_object('hints', p_tool.hints) END
$$;

-- What agents did with tools in the last 30 days, from counters by day: one row for each question, in its order. A
-- target is the digest of whom or what a call acts on.
CREATE OR REPLACE FUNCTION tool_history(p_workspace uuid, p_agent uuid[], p_tool text[], p_target text[])
RETURNS TABLE (
  place bigint, uses double precision, approved double precision, regretted double precision,
  rows_p99 double precision, amount_p99 double precision, seen boolean
)
LANGUAGE sql STABLE AS $$
  SELECT q.place, used.uses, used.approved,
    (SELECT count(*)::float8 FROM regrets r
      WHERE r.workspace_id = p_workspace AND r.agent_id = q.agent AND r.tool = q.tool
        -- Compared as the type it has: under row-level security, only then does the index look it up.
        AND r.created_at >= since.day::timestamp AT TIME ZONE 'UTC'),
    usual_size(q.agent, q.tool, 'rows', since.day), usual_size(q.agent, q.tool, 'amount', since.day),
    EXISTS (SELECT FROM tool_targets t
      WHERE t.agent_id = q.agent AND t.tool = q.tool AND t.target_digest = q.target AND t.last_day >= since.day)
  FROM unnest(p_agent, p_tool, p_target) WITH ORDINALITY AS q (agent, tool, target, place)
  CROSS JOIN (SELECT ((clock_timestamp() AT TIME ZONE 'UTC') - interval '30 days')::date) AS since (day)
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(u.uses), 0)::float8, coalesce(sum(u.approved), 0)::float8 FROM tool_usage u
    WHERE u.workspace_id = p_workspace AND u.agent_id = q.agent AND u.tool = q.tool AND u.day >= since.day)
    AS used (uses, approved)
  ORDER BY q.place
$$;

-- The size that 99 of 100 calls of an agent's tool do not exceed since a day, from its histogram: a value that
-- occurred.
CREATE OR REPLACE FUNCTION usual_size(p_agent uuid, p_tool text, p_metric text, p_since date) RETURNS double precision
LANGUAGE sql STABLE AS $$
  SELECT min(most) FROM (
    SELECT max(s.most) AS most, sum(sum(s.calls)) OVER (ORDER BY s.bucket) AS upto, sum(sum(s.calls)) OVER () AS total
    FROM tool_sizes s WHERE s.agent_id = p_agent AND s.tool = p_tool AND s.metric = p_metric AND s.day >= p_since
    GROUP BY s.bucket) AS ranked
  WHERE upto >= 0.99 * total
$$;

-- Returns the UTC day of a moment as YYYY-MM-DD, which names the period of a daily budget.
CREATE OR REPLACE FUNCTION utc_day(p_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
$$;

-- Returns the lowest UUIDv7 of a moment. The first 48 bits of a UUIDv7 are milliseconds since 1970, so a range of ids
-- is a range of time.
CREATE OR REPLACE FUNCTION uuid_at(p_at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(floor(extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

-- Returns how many seconds a run spent waiting for people: the union of the spans in which its approvals were open and
-- of its halts that were resumed.
CREATE OR REPLACE FUNCTION waited_seconds(p_run_id uuid, p_until timestamptz) RETURNS double precision
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(extract(epoch FROM upper(span) - lower(span))), 0)::double precision
  FROM unnest((
    SELECT range_agg(waits.span)
    FROM (
      SELECT tstzrange(a.created_at,
        greatest(a.created_at, least(coalesce(a.settled_at, p_until), a.expires_at, p_until)))
      FROM approvals a WHERE a.run_id = p_run_id
      UNION ALL
      SELECT tstzrange(s.confirmed_at, greatest(s.confirmed_at, least(s.resumed_at, p_until)))
      FROM stops s WHERE s.scope = 'run' AND s.target_id = p_run_id AND s.resumed_at IS NOT NULL
    ) AS waits (span)
  )) AS span
$$;

-- Returns the key of a workspace's advisory lock. Decisions take it shared; a stop takes it exclusive.
CREATE OR REPLACE FUNCTION workspace_lock_key(p_workspace_id uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtextextended('interlock:' || p_workspace_id::text, 0)
$$;
