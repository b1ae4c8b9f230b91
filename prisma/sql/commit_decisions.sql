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
