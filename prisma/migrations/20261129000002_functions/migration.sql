-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- One call of a batch, as `commit_decisions` reads it.
CREATE TYPE commit_item AS (
  decision_id uuid, agent_id uuid, agent_epoch bigint, credential_id uuid, session text, run text, call_id text,
  idempotency_key text, fingerprint text, tool text, tool_hash text, action_digest text, call jsonb, salt text, payload_commitment text,
  manifest_version integer, manifest_hash text, guardrail_version integer, guardrail_hash text,
  verdict text, rule text, reasons jsonb, checks jsonb, risk jsonb, facts jsonb,
  max_steps integer, max_seconds integer, max_cost_micros bigint, max_retries integer, loop_repeats integer,
  breaker_failures integer, breaker_cool_down integer,
  daily_cost_micros bigint, daily_tokens bigint, warn_cost_micros bigint, warn_tokens bigint,
  reserve_micros bigint, reserve_tokens bigint, escalates boolean, tallies jsonb, locks_agent boolean,
  approval_id uuid, terms jsonb, display jsonb, display_digest text,
  args_digest text, shape_digest text, shown_digest text, base_digest text
);

-- Lists every account of the person who owns the given account, including that account. Accounts belong to one person
-- when they share `members.person_id`.
CREATE OR REPLACE FUNCTION accounts_of(p_member_id uuid) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(other.id), ARRAY[p_member_id])
  FROM members me
  JOIN members other
    ON other.workspace_id = me.workspace_id AND coalesce(other.person_id, other.id) = coalesce(me.person_id, me.id)
  WHERE me.id = p_member_id
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
      AND d.starts_at <= p_at AND least(d.ends_at, d.ended_at) > p_at
  ) AS accounts
$$;

-- Returns why an approval cannot be used for this action now, or null when it can. The caller holds its lock. Votes are
-- checked again. A vote does not count when its account was disabled or lost the role, when its person is counted
-- already, or when its person is or was the agent's DRI or stood in for the DRI.
CREATE OR REPLACE FUNCTION approval_fault(p_approval approvals, p_action_digest text, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_usable_at timestamptz;
  v_approving integer;
BEGIN
  IF p_approval.action_digest IS DISTINCT FROM p_action_digest THEN RETURN 'approval_action_mismatch'; END IF;
  IF p_approval.state = 'consumed' THEN RETURN 'approval_consumed'; END IF;
  IF p_approval.state IN ('denied', 'returned') THEN RETURN 'approval_denied'; END IF;
  IF p_approval.state = 'expired' OR p_approval.expires_at <= p_at THEN RETURN 'approval_expired'; END IF;
  IF p_approval.state = 'waiting' THEN RETURN 'approval_waiting'; END IF;
  IF p_approval.state <> 'approved' THEN RETURN 'approval_' || p_approval.state; END IF;

  SELECT g.usable_at INTO v_usable_at FROM grants g WHERE g.approval_id = p_approval.id;
  IF v_usable_at IS NULL OR v_usable_at > p_at THEN RETURN 'approval_waiting'; END IF;

  SELECT count(DISTINCT coalesce(m.person_id, m.id)) INTO v_approving
  FROM votes v
  JOIN members m ON m.id = v.member_id
  JOIN agents a ON a.id = p_approval.agent_id
  WHERE v.approval_id = p_approval.id AND v.undone_at IS NULL AND v.verdict = 'approve'
    AND m.disabled_at IS NULL AND p_approval.approver_role = ANY (m.roles)
    AND NOT (p_approval.separation_of_duties
      AND ARRAY[p_approval.dri_at_request, a.dri_id] && answers_for(m.id, v.created_at));
  IF v_approving < greatest(p_approval.quorum, CASE p_approval.band WHEN 'critical' THEN 2 ELSE 1 END)
    OR EXISTS (
      SELECT FROM votes v WHERE v.approval_id = p_approval.id AND v.undone_at IS NULL AND v.verdict <> 'approve'
    )
  THEN
    RETURN 'quorum_lost';
  END IF;
  RETURN NULL;
END $$;

-- Trigger: keeps every definition a tool has had, so that a recorded verdict can be judged again with the definition it
-- was made with. A trigger, because no writer can then leave a definition out.
CREATE OR REPLACE FUNCTION archive_tool() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO tool_versions (workspace_id, hash, definition)
  VALUES (NEW.workspace_id, NEW.hash, tool_definition(NEW))
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION archive_tool FROM PUBLIC;

CREATE OR REPLACE TRIGGER archive AFTER INSERT OR UPDATE OF hash ON tools
  FOR EACH ROW EXECUTE FUNCTION archive_tool();

-- Returns the order of a risk band, from 0 for low to 3 for critical.
CREATE OR REPLACE FUNCTION band_rank(p_band text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE p_band WHEN 'low' THEN 0 WHEN 'elevated' THEN 1 WHEN 'high' THEN 2 ELSE 3 END
$$;

-- `batch` is a list of commit_item; `run_of` gives each its place in `wanted_runs`, a list of {agent_id, session, run}.
-- Locks are taken in one order: workspace, agents, keys, sessions and runs, approvals.
CREATE OR REPLACE FUNCTION commit_decisions(workspace uuid, workspace_epoch bigint, batch json, run_of integer[], wanted_runs json)
RETURNS TABLE (ord integer, status text, answer jsonb, entry jsonb)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  control workspace_controls; items commit_item[]; it commit_item; n integer; place integer; want record; t record;
  claimed idempotency_keys; agent agents; cred credentials; run runs; ask approvals; breaker breakers;
  fate text[] := '{}'; live boolean[]; rs runs[]; agents_locked uuid[] := '{}'; agents_seen uuid[] := '{}'; named uuid[] := '{}'; asks uuid[] := '{}';
  keyed boolean := false; found_runs integer := 0; found_id uuid; moment timestamptz; today text; elapsed integer; same integer; failed integer;
  open_breakers breakers[] := '{}'; breaker_at integer; since integer; trial_out boolean;
  day_agents uuid[] := '{}'; day_at integer; day_cost bigint[] := '{}'; day_tokens bigint[] := '{}';
  day_cost_held bigint[] := '{}'; day_tokens_held bigint[] := '{}'; day_cost_most bigint[] := '{}'; day_tokens_most bigint[] := '{}';
  final text; final_rule text; why jsonb; trail jsonb; fault text; breach text; halts boolean; said text; before jsonb;
  counts bigint[]; counted bigint; scope_of uuid; over_verdict text; over_rule text; over_why jsonb;
  repeat_seconds integer; most_open integer; asking jsonb; asked approvals; refusal approvals; flood floods; open_now integer; refused_ago integer; is_paused boolean; no_more text; wait_seconds integer;
  ask_id uuid; ask_expires timestamptz; held bigint; held_tokens bigint; body jsonb; seconds_left jsonb; decision uuid; spare uuid;
  new_decisions decisions[] := '{}'; new_entries ledger_entries[] := '{}'; new_events outbox[] := '{}'; new_executions executions[] := '{}';
  budget_runs uuid[] := '{}'; budget_most bigint[] := '{}'; budget_held bigint[] := '{}'; budget_used bigint[] := '{}';
BEGIN
  PERFORM set_config('interlock.workspace_id', workspace::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(workspace));
  SELECT * INTO control FROM workspace_controls c WHERE c.workspace_id = workspace;
  SELECT array_agg(i) INTO items FROM json_populate_recordset(NULL::commit_item, batch) AS i;
  live := array_fill(false, ARRAY[json_array_length(wanted_runs)]);

  -- Who may not go on: a revoked credential, or a view of the world that has moved. Nothing of theirs is written.
  FOR n IN 1 .. cardinality(items) LOOP
    it := items[n];
    IF cred.id IS DISTINCT FROM it.credential_id THEN
      SELECT * INTO cred FROM credentials c WHERE c.id = it.credential_id AND c.workspace_id = workspace;
    END IF;
    IF agent.id IS DISTINCT FROM it.agent_id THEN
      SELECT * INTO agent FROM agents a WHERE a.id = it.agent_id AND a.workspace_id = workspace;
      IF agent.id IS NOT NULL AND NOT agent.id = ANY (agents_seen) THEN agents_seen := agents_seen || agent.id; END IF;
    END IF;
    IF cred.id IS NULL OR agent.id IS NULL OR cred.agent_id <> agent.id OR cred.revoked_at IS NOT NULL OR cred.expires_at <= clock_timestamp() THEN
      fate := fate || 'revoked'::text;
    ELSIF control.epoch IS DISTINCT FROM workspace_epoch OR agent.epoch IS DISTINCT FROM it.agent_epoch THEN
      fate := fate || 'stale'::text;
    ELSE
      fate := fate || 'go'::text;
      live[run_of[n]] := true;
      keyed := keyed OR it.idempotency_key IS NOT NULL;
      IF it.approval_id IS NOT NULL THEN named := named || it.approval_id;
      ELSIF it.display IS NOT NULL THEN asks := asks || it.decision_id; END IF;
      IF (it.locks_agent OR it.display IS NOT NULL) AND NOT agent.id = ANY (agents_locked) THEN agents_locked := agents_locked || agent.id; END IF;
    END IF;
  END LOOP;

  IF cardinality(agents_locked) > 0 THEN
    FOR found_id IN SELECT u FROM unnest(agents_locked) AS u ORDER BY u LOOP
      PERFORM pg_advisory_xact_lock(agent_lock_key(found_id));
    END LOOP;
  END IF;

  IF keyed THEN
    INSERT INTO idempotency_keys (workspace_id, agent_id, session, key, fingerprint, decision_id)
      SELECT workspace, i.agent_id, i.session, i.idempotency_key, i.fingerprint, i.decision_id
      FROM unnest(items) WITH ORDINALITY AS i
      WHERE fate[i.ordinality] = 'go' AND i.idempotency_key IS NOT NULL
      ORDER BY i.agent_id, i.session, i.idempotency_key, i.ordinality
      ON CONFLICT DO NOTHING;
  END IF;

  -- Sessions and runs, found or made and locked, in one order by every replica.
  rs := array_fill(NULL::runs, ARRAY[cardinality(live)]);
  FOR want IN SELECT w.o, r AS known FROM json_to_recordset(wanted_runs) AS w (o integer, agent_id uuid, session text, run text)
      JOIN sessions s ON s.agent_id = w.agent_id AND s.external_id = w.session
      JOIN runs r ON r.session_id = s.id AND r.external_id = w.run
    WHERE live[w.o] ORDER BY w.agent_id, w.session, w.run FOR UPDATE OF r LOOP
    rs[want.o] := want.known; found_runs := found_runs + 1;
  END LOOP;
  IF found_runs < cardinality(live) THEN
    FOR want IN SELECT * FROM json_to_recordset(wanted_runs) AS w (o integer, agent_id uuid, session text, run text) ORDER BY 2, 3, 4 LOOP
      CONTINUE WHEN NOT live[want.o] OR (rs[want.o]).id IS NOT NULL;
      SELECT s.id INTO found_id FROM sessions s WHERE s.agent_id = want.agent_id AND s.external_id = want.session;
      IF found_id IS NULL THEN
        INSERT INTO sessions (id, workspace_id, agent_id, external_id) VALUES (new_uuid(), workspace, want.agent_id, want.session) ON CONFLICT DO NOTHING;
        SELECT s.id INTO STRICT found_id FROM sessions s WHERE s.agent_id = want.agent_id AND s.external_id = want.session;
      END IF;
      INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at)
        VALUES (new_uuid(), workspace, want.agent_id, found_id, want.run, clock_timestamp(), clock_timestamp()) ON CONFLICT DO NOTHING;
      SELECT r.* INTO STRICT run FROM runs r WHERE r.session_id = found_id AND r.external_id = want.run FOR UPDATE;
      rs[want.o] := run;
    END LOOP;
  END IF;
  -- Those that a call names, and those that wait for what a call would ask: either may be used up or overtaken here.
  IF cardinality(asks) > 0 THEN
    named := named || ARRAY(SELECT w.id FROM unnest(items) AS i JOIN approvals w ON w.agent_id = i.agent_id AND w.action_digest = i.action_digest
      WHERE w.state = 'waiting' AND i.decision_id = ANY (asks));
  END IF;
  IF cardinality(named) > 0 THEN
    PERFORM FROM approvals a WHERE a.id = ANY (named) AND a.workspace_id = workspace ORDER BY a.id FOR UPDATE;
  END IF;
  SELECT coalesce(array_agg(b), '{}') INTO open_breakers FROM breakers b WHERE b.agent_id = ANY (agents_seen);
  today := utc_day(clock_timestamp());

  FOR n IN 1 .. cardinality(items) LOOP
    it := items[n]; decision := it.decision_id; place := run_of[n];
    ord := n - 1; answer := NULL; entry := NULL; status := fate[n];
    IF status = 'go' AND it.idempotency_key IS NOT NULL THEN
      SELECT * INTO claimed FROM idempotency_keys k
        WHERE k.agent_id = it.agent_id AND k.session = it.session AND k.key = it.idempotency_key;
      IF claimed.decision_id <> decision THEN
        status := CASE WHEN claimed.fingerprint = it.fingerprint THEN 'replayed' ELSE 'mismatch' END;
        answer := jsonb_build_object('decision_id', claimed.decision_id);
      END IF;
    END IF;
    IF status <> 'go' THEN RETURN NEXT; CONTINUE; END IF;

    run := rs[place];
    IF agent.id IS DISTINCT FROM run.agent_id THEN
      SELECT * INTO agent FROM agents a WHERE a.id = run.agent_id;
    END IF;
    moment := clock_timestamp();
    final := it.verdict; final_rule := it.rule; why := it.reasons; trail := it.checks;
    breach := NULL; halts := true; asked := NULL; ask_id := NULL; ask_expires := NULL; held := 0; held_tokens := 0; counts := NULL;

    -- Bounds (design §3.5): the comparisons of applyBounds in lib/core/decisions/bounds.ts, in its order, on the locked run.
    elapsed := floor(extract(epoch FROM moment - run.started_at));
    IF elapsed > coalesce(it.max_seconds, elapsed) THEN
      elapsed := floor(extract(epoch FROM moment - run.started_at) - waited_seconds(run.id, moment));
    END IF;
    same := CASE WHEN run.last_action = it.action_digest THEN run.same_calls ELSE 0 END;
    failed := 0;
    IF run.failures > 0 THEN
      SELECT coalesce(sum(f.n), 0) INTO failed FROM tallies f WHERE f.scope_id = run.id AND f.key = it.action_digest AND f.bucket = 0;
    END IF;
    breaker_at := NULL; since := 0; trial_out := false;
    IF cardinality(open_breakers) > 0 THEN
      FOR place IN 1 .. cardinality(open_breakers) LOOP
        IF open_breakers[place].agent_id = run.agent_id AND open_breakers[place].tool = it.tool THEN breaker_at := place; EXIT; END IF;
      END LOOP;
      place := run_of[n];
      IF breaker_at IS NOT NULL THEN
        breaker := open_breakers[breaker_at];
        since := greatest(0, floor(extract(epoch FROM moment - breaker.failed_at)));
        trial_out := coalesce(breaker.trial_at > moment - make_interval(secs => it.breaker_cool_down), false);
        -- The one trial of a half-open breaker is taken by whoever updates the row first, on any replica.
        IF breaker.failures >= it.breaker_failures AND since >= it.breaker_cool_down AND NOT trial_out
           AND (final = 'allow' OR it.approval_id IS NOT NULL) THEN
          UPDATE breakers b SET trial_at = moment WHERE b.agent_id = run.agent_id AND b.tool = it.tool
            AND coalesce(b.trial_at <= moment - make_interval(secs => it.breaker_cool_down), true) RETURNING b.* INTO breaker;
          IF FOUND THEN open_breakers[breaker_at] := breaker; ELSE trial_out := true; breaker := open_breakers[breaker_at]; END IF;
        END IF;
      END IF;
    END IF;
    day_at := NULL;
    IF it.daily_cost_micros IS NOT NULL OR it.daily_tokens IS NOT NULL THEN
      day_at := array_position(day_agents, run.agent_id);
      IF day_at IS NULL THEN
        day_agents := day_agents || run.agent_id; day_at := cardinality(day_agents);
        day_cost[day_at] := CASE WHEN it.daily_cost_micros IS NOT NULL THEN day_budget(workspace, run.agent_id, today, 'cost_micros', it.daily_cost_micros) ELSE 0 END;
        day_tokens[day_at] := CASE WHEN it.daily_tokens IS NOT NULL THEN day_budget(workspace, run.agent_id, today, 'tokens', it.daily_tokens) ELSE 0 END;
        day_cost_held[day_at] := 0; day_tokens_held[day_at] := 0;
        day_cost_most[day_at] := it.daily_cost_micros; day_tokens_most[day_at] := it.daily_tokens;
      END IF;
    END IF;
    before := jsonb_build_object('state', run.state, 'steps', run.steps, 'elapsedSeconds', elapsed, 'costMicros', run.cost_micros,
      -- What the engine judged the risk by, if it looked.
      'refusals', coalesce((it.facts -> 'run' ->> 'refusals')::integer, run.refused), 'sameCalls', same, 'failures', failed,
      'breaker', jsonb_build_object('failures', CASE WHEN breaker_at IS NULL THEN 0 ELSE breaker.failures END, 'secondsSince', since, 'isTrialOut', trial_out),
      'dayCostMicros', coalesce(day_cost[day_at], 0), 'dayTokens', coalesce(day_tokens[day_at], 0),
      'extraSteps', run.extra_steps, 'extraSeconds', run.extra_seconds, 'extraCostMicros', run.extra_cost_micros);

    IF run.state = 'halted' THEN breach := 'run_halted';
      said := 'This run was halted (' || coalesce(run.halted_reason, 'by a person') || ') and stays halted until two people resume it.';
    ELSIF run.steps + 1 > it.max_steps + run.extra_steps THEN breach := 'max_steps';
      said := 'This would be step ' || (run.steps + 1) || ' of a run bounded at ' || (it.max_steps + run.extra_steps) || '. The run is halted.';
    ELSIF elapsed > it.max_seconds + run.extra_seconds THEN breach := 'max_wall_clock_seconds';
      said := 'The run has lasted ' || elapsed || ' s; its bound is ' || (it.max_seconds + run.extra_seconds) || ' s. The run is halted.';
    ELSIF run.cost_micros + it.reserve_micros > it.max_cost_micros + run.extra_cost_micros
       OR (it.reserve_micros = 0 AND run.cost_micros >= it.max_cost_micros + run.extra_cost_micros) THEN breach := 'max_cost_usd';
      said := 'The run has used or holds ' || usd_text(run.cost_micros) || ' of ' || usd_text(it.max_cost_micros + run.extra_cost_micros) || '. The run is halted.';
    ELSIF day_cost[day_at] + it.reserve_micros > it.daily_cost_micros OR (it.reserve_micros = 0 AND day_cost[day_at] >= it.daily_cost_micros) THEN
      breach := 'daily_cost_usd';
      said := 'The agent has used or holds ' || usd_text(day_cost[day_at]) || ' of the ' || usd_text(it.daily_cost_micros) || ' it has today. The run is halted.';
    ELSIF day_tokens[day_at] + it.reserve_tokens > it.daily_tokens OR (it.reserve_tokens = 0 AND day_tokens[day_at] >= it.daily_tokens) THEN
      breach := 'daily_tokens';
      said := 'The agent has used or holds ' || day_tokens[day_at] || ' of the ' || it.daily_tokens || ' tokens it has today. The run is halted.';
    ELSIF it.approval_id IS NULL AND same >= it.loop_repeats THEN breach := 'loop';
      said := 'The same call was made ' || (same + 1) || ' times in a row with nothing new between. The run is halted.';
    ELSIF failed > it.max_retries THEN breach := 'max_retries_per_action'; halts := false;
      said := 'This action failed ' || failed || ' times in this run and may be retried ' || it.max_retries || ' times.';
    ELSIF breaker_at IS NOT NULL AND breaker.failures >= it.breaker_failures AND (since < it.breaker_cool_down OR trial_out) THEN
      breach := 'circuit_breaker'; halts := false;
      said := 'The tool failed ' || breaker.failures || ' times in a row for this agent. ' || CASE WHEN trial_out
        THEN 'One trial call is under way; wait for its outcome.'
        ELSE 'It may be tried again in ' || (it.breaker_cool_down - since) || ' s.' END;
    END IF;
    IF breach IS NOT NULL AND verdict_rank(CASE WHEN halts THEN 'halt' ELSE 'deny' END) > verdict_rank(final) THEN
      final := CASE WHEN halts THEN 'halt' ELSE 'deny' END;
      final_rule := CASE WHEN breach = 'run_halted' THEN 'run.halted' ELSE 'execution.' || breach END;
      why := jsonb_build_array(jsonb_build_object('code', breach, 'message', said,
        'path', CASE WHEN breach = 'run_halted' THEN '' ELSE '/execution/' || breach END)) || why;
      trail := trail || jsonb_build_array(jsonb_build_object('check', 'bounds', 'verdict', final, 'rule', final_rule, 'reasons', jsonb_build_array(why -> 0)));
    END IF;
    IF breach IS NOT NULL AND halts AND run.state <> 'halted' THEN
      run.state := 'halted'; run.halted_reason := 'execution.' || breach;
      PERFORM note_breach(workspace, run, decision, breach, said, it.escalates, moment);
    END IF;

    -- Limits and sequences: checkTallies in lib/core/decisions/check-tallies.ts, on what is counted under the locks.
    IF it.tallies IS NOT NULL AND verdict_rank(final) < 3 THEN
      counts := '{}'; over_verdict := NULL; over_why := '[]';
      FOR t IN SELECT * FROM jsonb_to_recordset(it.tallies) AS j (key text, scope text, span integer, asks bigint, adds bigint, most bigint, verdict text, rule text, reason jsonb) LOOP
        counted := 0;
        IF t.most IS NOT NULL THEN
          scope_of := CASE t.scope WHEN 'run' THEN run.id WHEN 'session' THEN run.session_id ELSE run.agent_id END;
          SELECT coalesce(sum(c.n), 0) INTO counted FROM tallies c WHERE c.scope_id = scope_of AND c.key = t.key
            AND c.bucket >= tally_since(t.span, moment);
        END IF;
        counts := counts || counted;
        IF counted + t.asks > t.most THEN
          over_why := over_why || t.reason;
          IF over_verdict IS NULL OR (over_verdict = 'require_approval' AND t.verdict = 'deny') THEN over_verdict := t.verdict; over_rule := t.rule; END IF;
        END IF;
      END LOOP;
      IF over_verdict IS NOT NULL AND (verdict_rank(over_verdict) > verdict_rank(final)
          OR (over_verdict = final AND final_rule LIKE 'level.%')) THEN
        final := over_verdict; final_rule := over_rule; why := over_why || why;
        trail := trail || jsonb_build_array(jsonb_build_object('check', 'sequences', 'verdict', final, 'rule', final_rule, 'reasons', over_why));
      END IF;
    END IF;

    -- An approval that is named is always checked, and used up only by a call that needs nothing but it.
    IF it.approval_id IS NOT NULL AND final IN ('allow', 'require_approval') THEN
      SELECT * INTO ask FROM approvals a WHERE a.id = it.approval_id AND a.agent_id = run.agent_id FOR UPDATE;
      fault := CASE WHEN ask.id IS NULL THEN 'approval_not_found' ELSE approval_fault(ask, it.action_digest, clock_timestamp()) END;
      -- What was approved was the effect on the data as it was: the call says on what it would run now, or does not run.
      IF fault IS NULL AND ask.base_digest IS NOT NULL AND ask.base_digest IS DISTINCT FROM it.base_digest THEN
        fault := 'approval_base_moved';
        IF ask.base_moved_at IS NULL THEN
          UPDATE approvals a SET base_moved_at = moment WHERE a.id = ask.id;
          new_events := new_events || ROW(new_uuid(), workspace, 'approval.base_moved',
            jsonb_build_object('approval_id', ask.id, 'decision_id', decision), pg_current_xact_id(), moment)::outbox;
        END IF;
      END IF;
      IF fault IS NULL THEN
        final := 'allow'; final_rule := 'approval';
        why := jsonb_build_array(jsonb_build_object('code', 'approved', 'path', '/approval_id', 'message', 'Approved by people for exactly this action, once.'));
      ELSE
        final := 'deny'; final_rule := 'approval';
        why := jsonb_build_array(jsonb_build_object('code', fault, 'path', '/approval_id', 'message', CASE fault
          WHEN 'approval_action_mismatch' THEN 'The approval is for another action: arguments, tool definition, session or manifest differ from what was shown. Ask again.'
          WHEN 'approval_consumed' THEN 'This approval has been used. An approval is good for one call.'
          WHEN 'approval_expired' THEN 'The approval expired before it was used. It did not run. Ask again if it is still needed.'
          WHEN 'approval_denied' THEN 'A person said no.' || coalesce(' Note: ' || nullif(ask.note, ''), '')
          WHEN 'approval_waiting' THEN 'Nobody has decided yet. Poll the approval and call again once it is approved.'
          WHEN 'approval_base_moved' THEN 'The data changed since it was approved. It did not run. Make a new dry run and ask again.'
          WHEN 'quorum_lost' THEN 'The people who approved may no longer do so. Ask again.'
          WHEN 'approval_not_found' THEN 'This agent has no such approval.'
          ELSE 'The approval can no longer be used.' END));
      END IF;
      trail := trail || jsonb_build_array(jsonb_build_object('check', 'approval', 'verdict', final, 'rule', final_rule, 'reasons', why));
    END IF;

    -- A count asked for a person and nothing was prepared to show one: the caller evaluates again with these facts.
    IF final = 'require_approval' AND it.display IS NULL THEN
      IF it.idempotency_key IS NOT NULL THEN
        DELETE FROM idempotency_keys k WHERE k.agent_id = it.agent_id AND k.session = it.session AND k.key = it.idempotency_key AND k.decision_id = decision;
      END IF;
      status := 'ask'; answer := jsonb_build_object('run', before, 'counts', to_jsonb(counts));
      RETURN NEXT; CONTINUE;
    END IF;

    -- What an agent may ask of people: checkAsking in lib/core/decisions/check-asking.ts, on what stands under the agent's lock.
    IF final = 'require_approval' THEN
      -- The same request, unanswered until its time was up: ended here, because the job may not have been there yet.
      UPDATE approvals a SET state = 'expired', settled_at = a.expires_at
        WHERE a.agent_id = run.agent_id AND a.action_digest = it.action_digest AND a.state = 'waiting' AND a.expires_at <= moment
        RETURNING a.* INTO ask;
      IF FOUND THEN
        spare := new_uuid();
        body := jsonb_build_object('approval_id', ask.id, 'decision_id', ask.decision_id, 'expired_at', iso_utc(ask.expires_at), 'was', 'waiting');
        new_entries := new_entries || ROW(spare, workspace, 'approval.expire', jsonb_build_object('v', 1, 'kind', 'approval.expire',
          'id', spare, 'workspace', workspace, 'at', iso_utc(moment), 'actor', jsonb_build_object('kind', 'system', 'job', 'decisions.commit'),
          'details', body), moment)::ledger_entries;
        new_events := new_events || ROW(spare, workspace, 'approval.settled',
          jsonb_build_object('approval_id', ask.id, 'state', 'expired'), pg_current_xact_id(), moment)::outbox;
      END IF;
      IF most_open IS NULL THEN
        SELECT setting_number(w.settings, 'repeat_minutes', 0, 1440, 60) * 60, setting_number(w.settings, 'pending_cap', 1, 25, 10)
          INTO repeat_seconds, most_open FROM workspaces w WHERE w.id = workspace;
      END IF;
      SELECT * INTO asked FROM approvals a WHERE a.agent_id = run.agent_id AND a.action_digest = it.action_digest AND a.state = 'waiting' FOR UPDATE;
      SELECT * INTO refusal FROM approvals a WHERE a.agent_id = run.agent_id AND a.args_digest = it.args_digest AND a.state IN ('denied', 'returned')
        AND a.settled_at > moment - make_interval(secs => repeat_seconds) ORDER BY a.settled_at DESC LIMIT 1;
      SELECT count(*) INTO open_now FROM approvals a WHERE a.agent_id = run.agent_id AND a.state = 'waiting' AND a.expires_at > moment AND a.args_digest IS NOT NULL;
      SELECT * INTO flood FROM floods f WHERE f.agent_id = run.agent_id;
      refused_ago := greatest(0, floor(extract(epoch FROM moment - refusal.settled_at))); is_paused := coalesce(flood.paused_until > moment, false);
      IF refusal.id IS NULL THEN refused_ago := NULL; END IF;
      asking := jsonb_build_object('refusedSecondsAgo', refused_ago, 'repeatSeconds', repeat_seconds, 'isPaused', is_paused,
        'joins', asked.id IS NOT NULL, 'waiting', open_now, 'most', most_open);
      it.facts := it.facts || jsonb_build_object('asking', asking);
      no_more := CASE WHEN refused_ago < repeat_seconds THEN 'repeat_of_denied' WHEN is_paused THEN 'approval_paused'
        WHEN asked.id IS NULL AND open_now >= most_open THEN 'approval_backlog' END;
      IF no_more IN ('approval_paused', 'approval_backlog') THEN
        -- Counted from the first of a series; as many refusals as there is room for requests, within ten minutes, are a flood.
        IF flood.agent_id IS NULL OR flood.paused_until <= moment OR (flood.paused_until IS NULL AND flood.since <= moment - interval '10 minutes') THEN
          flood := ROW(run.agent_id, workspace, moment, 0, NULL)::floods;
        END IF;
        flood.refused := flood.refused + 1;
        IF flood.paused_until IS NULL AND flood.refused >= most_open THEN
          flood.paused_until := moment + interval '30 minutes'; spare := new_uuid();
          new_entries := new_entries || ROW(spare, workspace, 'agent.asking_paused', jsonb_build_object('v', 1, 'kind', 'agent.asking_paused',
            'id', spare, 'workspace', workspace, 'at', iso_utc(moment), 'actor', jsonb_build_object('kind', 'system', 'job', 'decisions.commit'),
            'details', jsonb_build_object('agent', agent.handle, 'decision_id', decision, 'waiting', open_now, 'refused', flood.refused,
              'until', iso_utc(flood.paused_until))), moment)::ledger_entries;
          new_events := new_events || ROW(spare, workspace, 'agent.asking_paused', jsonb_build_object('agent', agent.handle, 'until', iso_utc(flood.paused_until)),
            pg_current_xact_id(), moment)::outbox;
        END IF;
        INSERT INTO floods AS f (agent_id, workspace_id, since, refused, paused_until)
          VALUES (flood.agent_id, flood.workspace_id, flood.since, flood.refused, flood.paused_until)
          ON CONFLICT (agent_id) DO UPDATE SET since = excluded.since, refused = excluded.refused, paused_until = excluded.paused_until;
      END IF;
      IF no_more IS NOT NULL THEN
        wait_seconds := CASE no_more WHEN 'repeat_of_denied' THEN repeat_seconds - refused_ago
          WHEN 'approval_paused' THEN ceil(extract(epoch FROM flood.paused_until - moment)) ELSE 60 END;
        said := CASE no_more
          WHEN 'repeat_of_denied' THEN 'A person ' || CASE refusal.state WHEN 'denied' THEN 'said no to' ELSE 'returned' END || ' this very call at '
            || to_char(refusal.settled_at AT TIME ZONE 'UTC', 'HH24:MI') || ' UTC.' || coalesce(' Note: ' || nullif(refusal.note, ''), '')
            || ' It is refused without asking again until ' || to_char((moment + make_interval(secs => wait_seconds + 59)) AT TIME ZONE 'UTC', 'HH24:MI') || ' UTC. Do something else.'
          WHEN 'approval_paused' THEN 'This agent asked for so much that it may ask for nothing until '
            || to_char((flood.paused_until + interval '59 seconds') AT TIME ZONE 'UTC', 'HH24:MI') || ' UTC, or until a person lets it. Requests that wait keep waiting.'
          ELSE open_now || ' requests of this agent wait for people, and no more than ' || most_open || ' may. Wait for answers, or withdraw what is no longer needed.' END;
        final := 'deny'; final_rule := 'requests.' || no_more;
        why := jsonb_build_array(jsonb_build_object('code', no_more, 'path', '', 'message', said, 'retry_after_seconds', wait_seconds)) || why;
        trail := trail || jsonb_build_array(jsonb_build_object('check', 'approval', 'verdict', final, 'rule', final_rule, 'reasons', jsonb_build_array(why -> 0)));
      END IF;
    END IF;

    IF final = 'allow' THEN
      held := it.reserve_micros; held_tokens := it.reserve_tokens;
      IF held > 0 AND it.max_cost_micros IS NOT NULL THEN
        budget_runs := budget_runs || run.id; budget_most := budget_most || (it.max_cost_micros + run.extra_cost_micros);
        budget_held := budget_held || held; budget_used := budget_used || run.cost_micros;
      END IF;
      IF day_at IS NOT NULL THEN
        IF day_cost[day_at] < it.warn_cost_micros AND day_cost[day_at] + held >= it.warn_cost_micros THEN
          new_events := new_events || ROW(new_uuid(), workspace, 'budget.warning', jsonb_build_object('agent', agent.handle, 'metric', 'cost_micros',
            'used', day_cost[day_at] + held, 'limit', it.daily_cost_micros, 'day', today), pg_current_xact_id(), moment)::outbox;
        END IF;
        IF day_tokens[day_at] < it.warn_tokens AND day_tokens[day_at] + held_tokens >= it.warn_tokens THEN
          new_events := new_events || ROW(new_uuid(), workspace, 'budget.warning', jsonb_build_object('agent', agent.handle, 'metric', 'tokens',
            'used', day_tokens[day_at] + held_tokens, 'limit', it.daily_tokens, 'day', today), pg_current_xact_id(), moment)::outbox;
        END IF;
        day_cost[day_at] := day_cost[day_at] + held; day_cost_held[day_at] := day_cost_held[day_at] + held;
        day_tokens[day_at] := day_tokens[day_at] + held_tokens; day_tokens_held[day_at] := day_tokens_held[day_at] + held_tokens;
      END IF;
      IF it.tallies IS NOT NULL THEN
        INSERT INTO tallies AS c (workspace_id, scope_id, key, bucket, n, updated_at)
          SELECT workspace, CASE j.scope WHEN 'run' THEN run.id WHEN 'session' THEN run.session_id ELSE run.agent_id END, j.key,
            tally_bucket(j.span, moment), j.adds, moment
          FROM jsonb_to_recordset(it.tallies) AS j (key text, scope text, span integer, adds bigint) WHERE j.adds > 0
          ORDER BY 2, 3, 4
          ON CONFLICT (scope_id, key, bucket) DO UPDATE SET n = c.n + excluded.n, updated_at = excluded.updated_at;
      END IF;
      IF it.approval_id IS NOT NULL THEN
        ask_id := ask.id;
        UPDATE approvals a SET state = 'consumed', consumed_by = decision WHERE a.id = ask.id AND a.state = 'approved';
        IF NOT FOUND THEN RAISE EXCEPTION 'approval % changed under its lock', ask.id; END IF;
        UPDATE grants g SET consumed_at = moment, consumed_by = decision WHERE g.approval_id = ask.id AND g.consumed_at IS NULL;
        IF NOT FOUND THEN RAISE EXCEPTION 'approval % has no open grant', ask.id; END IF;
      END IF;
      new_executions := new_executions || ROW(decision, workspace, ask_id, it.action_digest, held, 'granted', moment, held_tokens, today)::executions;
    ELSIF final = 'require_approval' THEN
      -- An equal request that waits is joined, unless it shows less than this one: then this one takes its place.
      ask_id := asked.id; ask_expires := asked.expires_at;
      IF ask_id IS NULL OR (it.shown_digest IS NOT NULL AND (asked.shown_digest IS DISTINCT FROM it.shown_digest
          OR band_rank(asked.band) < band_rank(it.risk ->> 'band'))) THEN
        ask_id := new_uuid(); ask_expires := moment + make_interval(secs => (it.terms ->> 'timeoutSeconds')::integer);
        -- So does an approved one of which it is known that its data moved: it can never run as it was approved.
        FOR ask IN UPDATE approvals a SET state = 'superseded', settled_at = moment, superseded_by = ask_id
            WHERE a.id = asked.id OR (a.agent_id = run.agent_id AND a.action_digest = it.action_digest AND a.state = 'approved'
              AND a.base_moved_at IS NOT NULL AND a.expires_at > moment) RETURNING a.* LOOP
          spare := new_uuid();
          new_entries := new_entries || ROW(spare, workspace, 'approval.supersede', jsonb_build_object('v', 1, 'kind', 'approval.supersede',
            'id', spare, 'workspace', workspace, 'at', iso_utc(moment), 'actor', jsonb_build_object('kind', 'system', 'job', 'decisions.commit'),
            'details', jsonb_build_object('approval_id', ask.id, 'decision_id', ask.decision_id, 'superseded_by', ask_id,
              'was', CASE WHEN ask.id = asked.id THEN 'waiting' ELSE 'approved' END)), moment)::ledger_entries;
          new_events := new_events || ROW(spare, workspace, 'approval.settled', jsonb_build_object('approval_id', ask.id, 'decision_id', ask.decision_id,
            'state', 'superseded', 'superseded_by', ask_id), pg_current_xact_id(), moment)::outbox;
        END LOOP;
        INSERT INTO approvals AS a (id, workspace_id, agent_id, session_id, run_id, decision_id, tool, action_digest, manifest_version, state,
            display, display_digest, score, band, quorum, approver_role, separation_of_duties, dri_at_request, created_at, expires_at, action_ref, display_ref,
            args_digest, shape_digest, shown_digest, base_digest)
          VALUES (ask_id, workspace, run.agent_id, run.session_id, run.id, decision, it.tool, it.action_digest,
            it.manifest_version, 'waiting', it.display, it.display_digest, (it.risk ->> 'score')::integer,
            it.risk ->> 'band', (it.terms ->> 'quorum')::integer, it.terms ->> 'approverRole',
            (it.terms ->> 'separationOfDuties')::boolean, agent.dri_id, moment, ask_expires,
            salted(decode(it.salt, 'hex'), it.action_digest), salted(decode(it.salt, 'hex'), it.display_digest),
            it.args_digest, it.shape_digest, it.shown_digest, it.base_digest);
        new_events := new_events || ROW(ask_id, workspace, 'approval.waiting', jsonb_build_object(
          'approval_id', ask_id, 'agent', agent.handle, 'tool', it.tool, 'band', it.risk ->> 'band', 'expires_at', iso_utc(ask_expires)),
          pg_current_xact_id(), moment)::outbox;
      END IF;
    END IF;

    run.steps := run.steps + 1; run.last_at := moment; 
    IF it.approval_id IS NULL THEN run.same_calls := same + 1; run.last_action := it.action_digest; END IF;
    CASE final WHEN 'allow' THEN run.allowed := run.allowed + 1; run.cost_micros := run.cost_micros + held;
      WHEN 'require_approval' THEN run.asked := run.asked + 1;
      WHEN 'recommend' THEN NULL;
      ELSE run.refused := run.refused + 1; END CASE;
    rs[place] := run;

    seconds_left := jsonb_build_object(
      'steps', CASE WHEN it.max_steps IS NOT NULL THEN greatest(0, it.max_steps + run.extra_steps - run.steps) END,
      'seconds', CASE WHEN it.max_seconds IS NOT NULL THEN greatest(0, it.max_seconds + run.extra_seconds - elapsed) END,
      'cost_micros', CASE WHEN it.max_cost_micros IS NOT NULL THEN greatest(0, it.max_cost_micros + run.extra_cost_micros - run.cost_micros) END);
    new_decisions := new_decisions || ROW(decision, workspace, run.agent_id, it.credential_id, run.session_id, run.id, it.call_id,
      run.steps, it.tool, it.tool_hash, it.action_digest, it.call, decode(it.salt, 'hex'), final, final_rule, why, trail, it.risk,
      it.facts || jsonb_build_object('run', before, 'counts', to_jsonb(counts)),
      it.manifest_version, it.manifest_hash, coalesce(ask_id, it.approval_id), held, seconds_left, moment, it.guardrail_version, it.guardrail_hash)::decisions;

    body := jsonb_build_object('v', 2, 'kind', 'decision', 'id', decision, 'workspace', workspace, 'at', iso_utc(moment),
      'agent', agent.handle, 'level', agent.level, 'environment', agent.environment, 'credential', it.credential_id,
      'session', it.session, 'run', it.run, 'step', run.steps, 'tool', it.tool, 'tool_hash', it.tool_hash,
      'action', salted(decode(it.salt, 'hex'), it.action_digest),
      'approved_action', CASE WHEN final = 'allow' AND it.approval_id IS NOT NULL THEN coalesce(ask.action_ref, it.action_digest) END,
      'manifest_version', it.manifest_version, 'manifest_hash', it.manifest_hash,
      'guardrail_version', it.guardrail_version, 'guardrail_hash', it.guardrail_hash,
      'verdict', final, 'rule', final_rule, 'reasons', CASE WHEN why = '[]' THEN why ELSE (SELECT jsonb_agg(x ->> 'code') FROM (SELECT x FROM jsonb_array_elements(why) AS x LIMIT 20) AS r (x)) END,
      'score', (it.risk ->> 'score')::integer, 'approval', coalesce(ask_id, it.approval_id), 'reserved_micros', held, 'reserved_tokens', held_tokens,
      'run_before', before, 'counts', to_jsonb(counts),
      -- What sources said and whom the run reached may name people: those stay beside, where they can be erased.
      'facts', it.facts - 'reach' - 'readings', 'payload', it.payload_commitment);
    new_entries := new_entries || ROW(decision, workspace, 'decision', body, moment)::ledger_entries;
    new_events := new_events || ROW(decision, workspace, 'decision.made', jsonb_build_object(
      'decision_id', decision, 'agent', agent.handle, 'tool', it.tool, 'verdict', final, 'run_id', run.id), pg_current_xact_id(), moment)::outbox;

    status := 'committed'; entry := body;
    answer := jsonb_build_object('verdict', final, 'rule', final_rule, 'reasons', why, 'approval_id', ask_id, 'expires_at', iso_utc(ask_expires),
      'remaining', seconds_left, 'step', run.steps);
    RETURN NEXT;
  END LOOP;

  UPDATE runs r SET state = u.state, halted_reason = u.halted_reason, steps = u.steps, allowed = u.allowed, asked = u.asked, refused = u.refused,
      cost_micros = u.cost_micros, last_at = u.last_at, last_action = u.last_action, same_calls = u.same_calls
    FROM unnest(rs) AS u WHERE r.id = u.id AND u.id IS NOT NULL;
  IF cardinality(budget_runs) > 0 THEN
    INSERT INTO budgets AS b (workspace_id, scope, scope_id, metric, limit_amount, used, reserved)
      SELECT workspace, 'run', u.owner, 'cost_micros', max(u.most), min(u.used), sum(u.held)
      FROM unnest(budget_runs, budget_most, budget_held, budget_used) AS u (owner, most, held, used) GROUP BY u.owner ORDER BY u.owner
      ON CONFLICT (scope_id, metric, period) DO UPDATE SET reserved = b.reserved + excluded.reserved, limit_amount = excluded.limit_amount;
  END IF;
  IF cardinality(day_agents) > 0 THEN
    UPDATE budgets b SET reserved = b.reserved + u.held, limit_amount = greatest(u.most, b.used + b.reserved + u.held)
      FROM (SELECT c.owner, 'cost_micros' AS measure, c.held, c.most FROM unnest(day_agents, day_cost_held, day_cost_most) AS c (owner, held, most)
            UNION ALL SELECT k.owner, 'tokens', k.held, k.most FROM unnest(day_agents, day_tokens_held, day_tokens_most) AS k (owner, held, most)) AS u
      WHERE b.scope_id = u.owner AND b.metric = u.measure AND b.period = today AND u.held > 0 AND u.most IS NOT NULL;
  END IF;
  INSERT INTO decisions SELECT * FROM unnest(new_decisions);
  INSERT INTO executions SELECT * FROM unnest(new_executions);
  INSERT INTO ledger_entries SELECT * FROM unnest(new_entries);
  INSERT INTO outbox SELECT * FROM unnest(new_events);
END $$;

REVOKE ALL ON FUNCTION commit_decisions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commit_decisions TO interlock_app;

-- Returns the workspace of this transaction, or null when none is set. The row-level security policies compare with it.
CREATE OR REPLACE FUNCTION current_workspace() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('interlock.workspace_id', true), '')::uuid
$$;

-- Today's budgets of an agent. Made when first needed, from what the day has cost so far, so that a limit that is
-- published at noon counts the morning. The caller holds the agent's lock.
CREATE OR REPLACE FUNCTION day_budget(workspace uuid, agent uuid, today text, wanted text, most bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE total bigint; settled bigint; held bigint;
BEGIN
  SELECT b.used + b.reserved + b.overrun INTO total FROM budgets b WHERE b.scope_id = agent AND b.metric = wanted AND b.period = today;
  IF total IS NOT NULL THEN RETURN total; END IF;
  SELECT coalesce(sum(CASE WHEN e.state NOT IN ('granted','dispatching','unreported','unknown') OR o.id IS NOT NULL
                      THEN CASE wanted WHEN 'tokens' THEN coalesce(o.tokens, e.reserved_tokens) ELSE coalesce(o.cost_micros, e.reserved_micros) END END), 0),
         coalesce(sum(CASE WHEN o.id IS NULL THEN CASE wanted WHEN 'tokens' THEN e.reserved_tokens ELSE e.reserved_micros END END), 0)
    INTO settled, held
    FROM decisions d JOIN executions e ON e.decision_id = d.id LEFT JOIN outcomes o ON o.decision_id = d.id
    WHERE d.agent_id = agent AND d.verdict = 'allow' AND d.id >= uuid_at(today::timestamp AT TIME ZONE 'UTC');
  INSERT INTO budgets (workspace_id, scope, scope_id, metric, period, limit_amount, used, reserved)
    VALUES (workspace, 'agent', agent, wanted, today, greatest(most, settled + held), settled, held) ON CONFLICT DO NOTHING;
  RETURN settled + held;
END $$;

REVOKE ALL ON FUNCTION day_budget FROM PUBLIC;

-- Returns, over all workspaces, how long the oldest undelivered message has been due and how long ago the outbox was
-- read. It is security definer because metrics have no workspace.
CREATE OR REPLACE FUNCTION delivery_lag() RETURNS TABLE (due_seconds double precision, read_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
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

-- Creates the daily partitions of `decisions` from today to the given number of days ahead, and returns how many it
-- created. It is security definer because the application's role owns no tables.
CREATE OR REPLACE FUNCTION ensure_partitions(p_days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
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
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT c.workspace_id, c.agent_id, c.id, c.scopes
  FROM credentials c
  WHERE c.hash = p_hash AND c.revoked_at IS NULL AND c.expires_at > clock_timestamp()
$$;

REVOKE ALL ON FUNCTION find_credential FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_credential TO interlock_app;

-- Finds the workspace of a delivery. Slack names our message and no workspace, and the workspace's secret is needed to
-- check Slack's signature, so this is security definer and returns nothing else.
CREATE OR REPLACE FUNCTION find_delivery_workspace(p_delivery_id uuid) RETURNS TABLE (workspace_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT d.workspace_id FROM deliveries d WHERE d.id = p_delivery_id
$$;

REVOKE ALL ON FUNCTION find_delivery_workspace FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_delivery_workspace TO interlock_app;

-- Finds the enabled accounts with an email address, at most 20, for sign-in. It is security definer because the
-- workspace is not known before the person has signed in.
CREATE OR REPLACE FUNCTION find_members_by_email(p_email text)
RETURNS TABLE (workspace_id uuid, member_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
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
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
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
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
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
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
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

-- What a breach leaves behind: a stop that two people must end, an incident, an entry and the events that tell of them.
-- A daily bound ends run after run: one open incident a day says it all.
CREATE OR REPLACE FUNCTION note_breach(workspace uuid, run runs, decision uuid, breach text, said text, escalates boolean, moment timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE stop uuid := new_uuid(); incident uuid; entry uuid := new_uuid(); handle text; halted_by text := 'execution.' || breach;
BEGIN
  SELECT a.handle INTO handle FROM agents a WHERE a.id = run.agent_id;
  INSERT INTO stops (id, workspace_id, scope, target_id, reason, requested_by, requested_at, confirmed_at, decision_id)
    VALUES (stop, workspace, 'run', run.id, said, NULL, moment, moment, decision);
  IF escalates AND NOT (breach LIKE 'daily%' AND EXISTS (SELECT FROM incidents i WHERE i.agent_id = run.agent_id AND i.state = 'open'
       AND i.rule = halted_by AND i.opened_at > moment - interval '1 day')) THEN
    incident := new_uuid();
    INSERT INTO incidents (id, workspace_id, agent_id, run_id, decision_id, stop_id, class, rule, title, opened_at)
      VALUES (incident, workspace, run.agent_id, run.id, decision, stop, 'runaway_execution', halted_by, said, moment);
    INSERT INTO outbox (id, workspace_id, topic, payload) VALUES (new_uuid(), workspace, 'incident.open',
      jsonb_build_object('incident_id', incident, 'run_id', run.id, 'agent', handle, 'rule', halted_by));
  END IF;
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at) VALUES (entry, workspace, 'run.halt', jsonb_build_object('v', 1, 'kind', 'run.halt',
    'id', entry, 'workspace', workspace, 'at', iso_utc(moment), 'actor', jsonb_build_object('kind', 'system', 'job', 'decisions.commit'), 'details',
    jsonb_build_object('run', run.id, 'agent', handle, 'rule', halted_by, 'decision', decision, 'stop', stop, 'incident', incident)), moment);
  INSERT INTO outbox (id, workspace_id, topic, payload) VALUES (new_uuid(), workspace, 'run.halted',
    jsonb_build_object('run_id', run.id, 'agent', handle, 'reason', breach));
END $$;

REVOKE ALL ON FUNCTION note_breach FROM PUBLIC;

-- Remembers for retry limits and circuit breakers how an action ended: a failure is counted, a success clears the
-- count. Returns whether it was a failure.
CREATE OR REPLACE FUNCTION note_result(
  p_workspace_id uuid, p_agent_id uuid, p_run_id uuid, p_tool text, p_action_digest text, p_outcome text,
  p_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_outcome IN ('error', 'failed_validation', 'retry') THEN
    INSERT INTO tallies AS t (workspace_id, scope_id, key, bucket, n, updated_at)
    VALUES (p_workspace_id, p_run_id, p_action_digest, 0, 1, p_at)
    ON CONFLICT (scope_id, key, bucket) DO UPDATE SET n = t.n + 1, updated_at = p_at;
    INSERT INTO breakers AS b (workspace_id, agent_id, tool, failures, failed_at)
    VALUES (p_workspace_id, p_agent_id, p_tool, 1, p_at)
    ON CONFLICT (agent_id, tool) DO UPDATE SET failures = b.failures + 1, failed_at = p_at, trial_at = NULL;
    RETURN true;
  END IF;
  IF p_outcome = 'success' THEN
    DELETE FROM tallies t WHERE t.scope_id = p_run_id AND t.key = p_action_digest AND t.bucket = 0;
    DELETE FROM breakers b WHERE b.agent_id = p_agent_id AND b.tool = p_tool;
  END IF;
  RETURN false;
END $$;

REVOKE ALL ON FUNCTION note_result FROM PUBLIC;

-- Trigger: queues each new ledger entry for its place in the tree. It is security definer because the application's
-- role may not insert into the queue.
CREATE OR REPLACE FUNCTION queue_ledger_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
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
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
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

-- Returns a digest hashed with a salt, which the ledger shows instead of the digest. Once the salt is erased with the
-- payload, nobody can find short arguments by trying. Equal digests under one salt stay equal.
CREATE OR REPLACE FUNCTION salted(p_salt bytea, p_digest text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(p_salt || convert_to(p_digest, 'UTF8')), 'hex')
$$;

-- Returns how many migrations the database has and how many are unfinished, for the readiness check. It is security
-- definer because the bookkeeping table belongs to the role that migrates.
CREATE OR REPLACE FUNCTION schema_state() RETURNS TABLE (migrations integer, unfinished integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
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

-- Replaces what a call held of a budget with what it really spent. What the limit has no room for is kept as overrun
-- and returned. Returns 0 when there is no such budget.
CREATE OR REPLACE FUNCTION settle_budget(
  p_scope_id uuid, p_metric text, p_period text, p_held bigint, p_spent bigint
) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_budget budgets;
  v_room bigint;
BEGIN
  SELECT * INTO v_budget FROM budgets b
  WHERE b.scope_id = p_scope_id AND b.metric = p_metric AND b.period = p_period FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;

  -- A policy without this bound may have been in force when the call was made: then nothing of it is reserved here.
  v_room := greatest(0, v_budget.limit_amount - v_budget.used - greatest(0, v_budget.reserved - p_held));
  UPDATE budgets b
  SET reserved = greatest(0, b.reserved - p_held),
    used = b.used + least(p_spent, v_room),
    overrun = b.overrun + greatest(0, p_spent - v_room)
  WHERE b.scope_id = p_scope_id AND b.metric = p_metric AND b.period = p_period;
  RETURN greatest(0, p_spent - v_room);
END $$;

REVOKE ALL ON FUNCTION settle_budget FROM PUBLIC;

-- Records what became of an allowed call and settles what the call held, for its run and its agent's day. A run that
-- spent beyond its bound is halted. `p_item` has the fields of an outcome report.
-- Returns 'recorded', 'repeated' (the same report again), 'conflict', 'not_allowed' or 'not_found'.
CREATE OR REPLACE FUNCTION settle_outcome(p_workspace_id uuid, p_item jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  v_id uuid := (p_item ->> 'id')::uuid;
  v_outcome text := p_item ->> 'outcome';
  v_result text := v_outcome || ' ' || coalesce(p_item ->> 'result_hash', '');
  v_decision record; v_known outcomes; v_execution executions; v_run runs;
  v_cost_micros bigint; v_tokens bigint; v_failed boolean; v_now timestamptz;
BEGIN
  PERFORM set_config('interlock.workspace_id', p_workspace_id::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(p_workspace_id));
  SELECT d.id, d.run_id, d.verdict, d.agent_id, d.tool, d.action_digest INTO v_decision FROM decisions d
  WHERE d.id = (p_item ->> 'decision_id')::uuid AND d.agent_id = (p_item ->> 'agent_id')::uuid
    AND d.workspace_id = p_workspace_id;
  IF v_decision.id IS NULL THEN RETURN 'not_found'; END IF;
  IF v_decision.verdict <> 'allow' THEN RETURN 'not_allowed'; END IF;

  -- Locks in the order of the commit: agent, run, execution.
  SELECT * INTO v_execution FROM executions e WHERE e.decision_id = v_decision.id;
  IF EXISTS (SELECT FROM budgets b WHERE b.scope_id = v_decision.agent_id AND b.period = v_execution.day) THEN
    PERFORM pg_advisory_xact_lock(agent_lock_key(v_decision.agent_id));
  END IF;
  SELECT * INTO v_run FROM runs r WHERE r.id = v_decision.run_id FOR UPDATE;
  SELECT * INTO v_known FROM outcomes o WHERE o.decision_id = v_decision.id;
  IF v_known.id IS NOT NULL THEN
    RETURN CASE WHEN v_known.claimed = p_item ->> 'claimed'
      AND v_known.result_hash IS NOT DISTINCT FROM p_item ->> 'result_hash' THEN 'repeated' ELSE 'conflict' END;
  END IF;

  v_now := clock_timestamp();
  SELECT * INTO v_execution FROM executions e WHERE e.decision_id = v_decision.id FOR UPDATE;
  INSERT INTO outcomes (id, workspace_id, decision_id, run_id, outcome, claimed, faults, result_hash, cost_micros,
    tokens, latency_ms, created_at)
  VALUES (v_id, p_workspace_id, v_decision.id, v_decision.run_id, v_outcome, p_item ->> 'claimed', p_item -> 'faults',
    p_item ->> 'result_hash', (p_item ->> 'cost_micros')::bigint, (p_item ->> 'tokens')::bigint,
    (p_item ->> 'latency_ms')::integer, v_now);
  UPDATE executions e SET state = CASE v_outcome WHEN 'success' THEN 'succeeded' WHEN 'unknown' THEN 'unknown'
      WHEN 'failed_validation' THEN 'failed_validation' ELSE 'failed' END WHERE e.decision_id = v_decision.id;

  v_cost_micros := coalesce((p_item ->> 'cost_micros')::bigint, v_execution.reserved_micros);
  v_tokens := coalesce((p_item ->> 'tokens')::bigint, v_execution.reserved_tokens);
  IF settle_budget(v_run.id, 'cost_micros', '', v_execution.reserved_micros, v_cost_micros) > 0
    AND v_run.state = 'running'
  THEN
    v_run.state := 'halted';
    v_run.halted_reason := 'execution.max_cost_usd';
    PERFORM note_breach(p_workspace_id, v_run, v_decision.id, 'max_cost_usd',
      'The call cost more than the run had left. The run is halted.',
      coalesce((p_item ->> 'escalates')::boolean, true), v_now);
  END IF;
  PERFORM settle_budget(v_run.agent_id, 'cost_micros', v_execution.day, v_execution.reserved_micros, v_cost_micros);
  PERFORM settle_budget(v_run.agent_id, 'tokens', v_execution.day, v_execution.reserved_tokens, v_tokens);

  v_failed := note_result(p_workspace_id, v_run.agent_id, v_run.id, v_decision.tool, v_decision.action_digest,
    v_outcome, v_now);
  UPDATE runs r
  SET state = v_run.state, halted_reason = v_run.halted_reason, last_result = v_result,
    cost_micros = v_run.cost_micros - v_execution.reserved_micros + v_cost_micros,
    failures = v_run.failures + v_failed::integer,
    -- A result that differs from the last one ends a loop.
    same_calls = CASE WHEN v_run.last_result IS NULL OR v_run.last_result = v_result THEN v_run.same_calls ELSE 0 END
  WHERE r.id = v_run.id;

  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
  VALUES (v_id, p_workspace_id, 'outcome', jsonb_build_object('v', 1, 'kind', 'outcome', 'id', v_id,
    'workspace', p_workspace_id, 'at', iso_utc(v_now), 'decision', v_decision.id, 'outcome', v_outcome,
    'claimed', p_item ->> 'claimed', 'cost_micros', (p_item ->> 'cost_micros')::bigint,
    'result_hash', p_item ->> 'result_hash'), v_now);
  INSERT INTO outbox (id, workspace_id, topic, payload)
  VALUES (v_id, p_workspace_id, 'outcome.reported',
    jsonb_build_object('decision_id', v_decision.id, 'run_id', v_run.id, 'outcome', v_outcome));
  RETURN 'recorded';
END $$;

REVOKE ALL ON FUNCTION settle_outcome FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_outcome TO interlock_app;

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

-- Formats an amount in millionths of a dollar.
CREATE OR REPLACE FUNCTION usd_text(micros bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT '$' || trim_scale(micros / 1000000.0)::text $$;

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

-- Returns the order of a verdict, from 0 for allow to 4 for halt.
CREATE OR REPLACE FUNCTION verdict_rank(verdict text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE verdict WHEN 'allow' THEN 0 WHEN 'require_approval' THEN 1 WHEN 'recommend' THEN 2 WHEN 'deny' THEN 3 ELSE 4 END $$;

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
