-- The commit of design §3.3: one call, one transaction, one round trip, for a list of calls of one workspace.
-- Each call stands or falls alone. Every check sits under the lock it depends on; locks are taken in one order
-- (workspace, keys, sessions, runs, approvals, budgets), so two replicas can never wait for each other in a ring.
-- VOLATILE and READ COMMITTED on purpose: each statement sees what committed while it waited.
-- SECURITY DEFINER: it names the workspace in every look-up itself. Under row-level security the planner may walk a
-- whole workspace by that condition instead of the one row a unique key names, when its statistics are old.

CREATE FUNCTION workspace_lock_key(workspace uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT hashtextextended('interlock:' || workspace::text, 0) $$;

-- Time this run spent waiting for people, in seconds: the union of its approvals' open spans.
CREATE FUNCTION waited_seconds(run uuid, until timestamptz) RETURNS double precision LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(extract(epoch FROM upper(span) - lower(span))), 0)::double precision
  FROM unnest((SELECT range_agg(tstzrange(created_at, greatest(created_at, least(coalesce(settled_at, until), expires_at, until))))
               FROM approvals WHERE run_id = run)) AS span
$$;

-- May this approved request be used for this action, now? NULL when it may, else the reason it may not.
-- The caller holds the row's lock. Voters are checked again: one who was disabled or lost the role no longer counts.
CREATE FUNCTION approval_fault(a approvals, digest text, moment timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE valid integer;
BEGIN
  IF a.action_digest IS DISTINCT FROM digest THEN RETURN 'approval_action_mismatch'; END IF;
  IF a.state = 'consumed' THEN RETURN 'approval_consumed'; END IF;
  IF a.state IN ('denied','returned') THEN RETURN 'approval_denied'; END IF;
  IF a.state = 'expired' OR a.expires_at <= moment THEN RETURN 'approval_expired'; END IF;
  IF a.state = 'waiting' THEN RETURN 'approval_waiting'; END IF;
  IF a.state <> 'approved' THEN RETURN 'approval_' || a.state; END IF;
  SELECT count(*) INTO valid FROM votes v JOIN members m ON m.id = v.member_id JOIN agents g ON g.id = a.agent_id
    WHERE v.approval_id = a.id AND v.verdict = 'approve' AND m.disabled_at IS NULL AND a.approver_role = ANY (m.roles)
      AND NOT (a.separation_of_duties AND m.id IN (a.dri_at_request, g.dri_id));
  IF valid < a.quorum OR EXISTS (SELECT FROM votes WHERE approval_id = a.id AND verdict <> 'approve') THEN
    RETURN 'quorum_lost';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION iso_utc(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

CREATE FUNCTION commit_decisions(workspace uuid, workspace_epoch bigint, items jsonb)
RETURNS TABLE (ord integer, status text, answer jsonb, entry jsonb)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  control workspace_controls;
  it jsonb; n integer;
  claimed idempotency_keys; agent agents; cred credentials; run runs; ask approvals;
  fate text[] := '{}'; run_ids uuid[]; named uuid[] := '{}'; keyed boolean := false; found_id uuid; run_id uuid;
  moment timestamptz; elapsed integer; used_before bigint; held bigint;
  final text; final_rule text; why jsonb; trail jsonb; fault text; breach text;
  ask_id uuid; ask_expires timestamptz; spent bigint; body jsonb; seconds_left jsonb; digest text; decision uuid;
  -- Written together at the end: one statement a table instead of one a call.
  new_decisions decisions[] := '{}'; new_entries ledger_entries[] := '{}'; new_events outbox[] := '{}'; new_executions executions[] := '{}';
BEGIN
  PERFORM set_config('interlock.workspace_id', workspace::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(workspace));
  SELECT * INTO control FROM workspace_controls c WHERE c.workspace_id = workspace;

  -- Who may not go on: a revoked credential, or a view of the world that has moved. Nothing of theirs is written.
  FOR n IN 0 .. jsonb_array_length(items) - 1 LOOP
    it := items -> n;
    IF cred.id IS DISTINCT FROM (it ->> 'credential_id')::uuid THEN
      SELECT * INTO cred FROM credentials c WHERE c.id = (it ->> 'credential_id')::uuid AND c.workspace_id = workspace;
    END IF;
    IF agent.id IS DISTINCT FROM (it ->> 'agent_id')::uuid THEN
      SELECT * INTO agent FROM agents a WHERE a.id = (it ->> 'agent_id')::uuid AND a.workspace_id = workspace;
    END IF;
    fate := fate || CASE
      WHEN cred.id IS NULL OR agent.id IS NULL OR cred.agent_id <> agent.id OR cred.revoked_at IS NOT NULL OR cred.expires_at <= clock_timestamp() THEN 'revoked'
      WHEN control.epoch IS DISTINCT FROM workspace_epoch OR agent.epoch IS DISTINCT FROM (it ->> 'agent_epoch')::bigint THEN 'stale'
      ELSE 'go' END;
    keyed := keyed OR it ->> 'idempotency_key' IS NOT NULL;
    IF it ->> 'approval_id' IS NOT NULL THEN named := named || (it ->> 'approval_id')::uuid; END IF;
  END LOOP;

  IF keyed THEN
    INSERT INTO idempotency_keys (workspace_id, agent_id, session, key, fingerprint, decision_id)
      SELECT workspace, (i.v ->> 'agent_id')::uuid, i.v ->> 'session', i.v ->> 'idempotency_key', i.v ->> 'fingerprint', (i.v ->> 'decision_id')::uuid
      FROM jsonb_array_elements(items) WITH ORDINALITY AS i (v, o)
      WHERE fate[i.o::integer] = 'go' AND i.v ->> 'idempotency_key' IS NOT NULL
      ORDER BY 2, 3, 4, i.o
      ON CONFLICT DO NOTHING;
  END IF;

  -- Sessions and runs, made in one order by every replica. Single look-ups by unique key: their plan cannot go wrong.
  run_ids := array_fill(NULL::uuid, ARRAY[jsonb_array_length(items)]);
  FOR n, it IN SELECT i.o::integer, i.v FROM jsonb_array_elements(items) WITH ORDINALITY AS i (v, o) WHERE fate[i.o::integer] = 'go'
    ORDER BY i.v ->> 'agent_id', i.v ->> 'session', i.v ->> 'run', i.o LOOP
    SELECT s.id INTO found_id FROM sessions s WHERE s.agent_id = (it ->> 'agent_id')::uuid AND s.external_id = it ->> 'session';
    IF found_id IS NULL THEN
      INSERT INTO sessions (id, workspace_id, agent_id, external_id)
        VALUES ((it ->> 'new_session_id')::uuid, workspace, (it ->> 'agent_id')::uuid, it ->> 'session') ON CONFLICT DO NOTHING;
      SELECT s.id INTO STRICT found_id FROM sessions s WHERE s.agent_id = (it ->> 'agent_id')::uuid AND s.external_id = it ->> 'session';
    END IF;
    SELECT r.id INTO run_id FROM runs r WHERE r.session_id = found_id AND r.external_id = it ->> 'run';
    IF run_id IS NULL THEN
      INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at)
        VALUES ((it ->> 'new_run_id')::uuid, workspace, (it ->> 'agent_id')::uuid, found_id, it ->> 'run', clock_timestamp(), clock_timestamp()) ON CONFLICT DO NOTHING;
      SELECT r.id INTO STRICT run_id FROM runs r WHERE r.session_id = found_id AND r.external_id = it ->> 'run';
    END IF;
    run_ids[n] := run_id;
  END LOOP;
  PERFORM FROM runs r WHERE r.id = ANY (run_ids) ORDER BY r.id FOR UPDATE;
  IF cardinality(named) > 0 THEN
    PERFORM FROM approvals a WHERE a.id = ANY (named) AND a.workspace_id = workspace ORDER BY a.id FOR UPDATE;
  END IF;

  FOR n IN 0 .. jsonb_array_length(items) - 1 LOOP
    it := items -> n; decision := (it ->> 'decision_id')::uuid;
    ord := n; answer := NULL; entry := NULL; status := fate[n + 1];
    IF status = 'go' AND it ->> 'idempotency_key' IS NOT NULL THEN
      SELECT * INTO claimed FROM idempotency_keys k
        WHERE k.agent_id = (it ->> 'agent_id')::uuid AND k.session = it ->> 'session' AND k.key = it ->> 'idempotency_key';
      IF claimed.decision_id <> (it ->> 'decision_id')::uuid THEN
        status := CASE WHEN claimed.fingerprint = it ->> 'fingerprint' THEN 'replayed' ELSE 'mismatch' END;
        answer := jsonb_build_object('decision_id', claimed.decision_id);
      END IF;
    END IF;
    IF status <> 'go' THEN RETURN NEXT; CONTINUE; END IF;

    SELECT * INTO run FROM runs r WHERE r.id = run_ids[n + 1];
    IF agent.id IS DISTINCT FROM run.agent_id THEN
      SELECT * INTO agent FROM agents a WHERE a.id = run.agent_id;
    END IF;
    moment := clock_timestamp();
    final := it ->> 'verdict'; final_rule := it ->> 'rule'; why := it -> 'reasons'; trail := it -> 'checks';
    digest := it ->> 'action_digest'; breach := NULL; ask_id := NULL; ask_expires := NULL; held := 0;

    -- Bounds (design §3.5): the same comparisons as applyBounds in lib/core/decisions/bounds.ts, on the locked run.
    elapsed := floor(extract(epoch FROM moment - run.started_at));
    IF run.asked > 0 AND elapsed > coalesce((it ->> 'max_seconds')::integer, elapsed) THEN
      elapsed := floor(extract(epoch FROM moment - run.started_at) - waited_seconds(run.id, moment));
    END IF;
    used_before := NULL;
    IF it ->> 'max_cost_micros' IS NOT NULL THEN
      SELECT b.used + b.reserved + b.overrun INTO used_before FROM budgets b
        WHERE b.scope_id = run.id AND b.metric = 'cost_micros' AND b.period = '' FOR UPDATE;
    END IF;
    used_before := coalesce(used_before, run.cost_micros);
    spent := (it ->> 'reserve_micros')::bigint;
    IF run.state = 'halted' THEN breach := 'run_halted';
    ELSIF run.steps + 1 > (it ->> 'max_steps')::integer THEN breach := 'max_steps';
    ELSIF elapsed > (it ->> 'max_seconds')::integer THEN breach := 'max_wall_clock_seconds';
    ELSIF used_before + spent > (it ->> 'max_cost_micros')::bigint
       OR (spent = 0 AND used_before >= (it ->> 'max_cost_micros')::bigint) THEN breach := 'max_cost_usd';
    END IF;
    IF breach IS NOT NULL AND final <> 'halt' THEN
      final := 'halt';
      final_rule := CASE WHEN breach = 'run_halted' THEN run.halted_reason ELSE 'execution.' || breach END;
    END IF;
    IF breach IS NOT NULL THEN
      why := jsonb_build_array(jsonb_build_object('code', breach,
        'path', CASE WHEN breach = 'run_halted' THEN '/run_id' ELSE '/execution/' || breach END,
        'message', CASE breach
          WHEN 'run_halted' THEN 'This run was halted (' || coalesce(run.halted_reason, 'by a person') || ') and stays halted.'
          WHEN 'max_steps' THEN 'This would be step ' || (run.steps + 1) || ' of a run bounded at ' || (it ->> 'max_steps') || '. The run is halted.'
          WHEN 'max_wall_clock_seconds' THEN 'The run has lasted ' || elapsed || ' s; its bound is ' || (it ->> 'max_seconds') || ' s. The run is halted.'
          ELSE 'The run would cost more than its bound. The run is halted.' END)) || why;
      trail := trail || jsonb_build_array(jsonb_build_object('check', 'bounds', 'verdict', 'halt', 'rule', final_rule, 'reasons', jsonb_build_array(why -> 0)));
      IF run.state <> 'halted' THEN
        UPDATE runs r SET state = 'halted', halted_reason = 'execution.' || breach WHERE r.id = run.id;
        new_events := new_events || ROW((it ->> 'spare_id')::uuid, workspace, 'run.halted',
          jsonb_build_object('run_id', run.id, 'agent', agent.handle, 'reason', breach), pg_current_xact_id(), moment)::outbox;
      END IF;
    END IF;

    -- An approval that is named is always checked, and used up only by a call that needs nothing but it.
    IF it ->> 'approval_id' IS NOT NULL AND final IN ('allow', 'require_approval') THEN
      SELECT * INTO ask FROM approvals a WHERE a.id = (it ->> 'approval_id')::uuid AND a.agent_id = run.agent_id FOR UPDATE;
      fault := CASE WHEN ask.id IS NULL THEN 'approval_not_found' ELSE approval_fault(ask, digest, clock_timestamp()) END;
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
          WHEN 'quorum_lost' THEN 'The people who approved may no longer do so. Ask again.'
          WHEN 'approval_not_found' THEN 'This agent has no such approval.'
          ELSE 'The approval can no longer be used.' END));
      END IF;
      trail := trail || jsonb_build_array(jsonb_build_object('check', 'approval', 'verdict', final, 'rule', final_rule, 'reasons', why));
    END IF;

    IF final = 'allow' AND spent > 0 THEN
      held := spent;
      IF it ->> 'max_cost_micros' IS NOT NULL THEN
        INSERT INTO budgets AS b (workspace_id, scope, scope_id, metric, limit_amount, used, reserved)
          VALUES (workspace, 'run', run.id, 'cost_micros', (it ->> 'max_cost_micros')::bigint, run.cost_micros, spent)
          ON CONFLICT (scope_id, metric, period) DO UPDATE
            SET reserved = b.reserved + spent, limit_amount = excluded.limit_amount;
      END IF;
    END IF;

    IF final = 'allow' AND it ->> 'approval_id' IS NOT NULL THEN
      ask_id := ask.id;
      UPDATE approvals a SET state = 'consumed', consumed_by = decision WHERE a.id = ask.id AND a.state = 'approved';
      IF NOT FOUND THEN RAISE EXCEPTION 'approval % changed under its lock', ask.id; END IF;
      UPDATE grants g SET consumed_at = moment, consumed_by = decision WHERE g.approval_id = ask.id AND g.consumed_at IS NULL;
      IF NOT FOUND THEN RAISE EXCEPTION 'approval % has no open grant', ask.id; END IF;
    END IF;

    IF final = 'require_approval' THEN
      -- The same request, unanswered until its time was up: ended here, because the job may not have been there yet.
      UPDATE approvals a SET state = 'expired', settled_at = a.expires_at
        WHERE a.agent_id = run.agent_id AND a.action_digest = digest AND a.state = 'waiting' AND a.expires_at <= moment
        RETURNING a.* INTO ask;
      IF FOUND THEN
        body := jsonb_build_object('approval_id', ask.id, 'decision_id', ask.decision_id, 'expired_at', iso_utc(ask.expires_at), 'was', 'waiting');
        new_entries := new_entries || ROW((it ->> 'spare_id')::uuid, workspace, 'approval.expire', jsonb_build_object('v', 1, 'kind', 'approval.expire',
          'id', it ->> 'spare_id', 'workspace', workspace, 'at', iso_utc(moment), 'actor', jsonb_build_object('kind', 'system', 'job', 'decisions.commit'),
          'details', body), moment)::ledger_entries;
        new_events := new_events || ROW((it ->> 'spare_id')::uuid, workspace, 'approval.settled',
          jsonb_build_object('approval_id', ask.id, 'state', 'expired'), pg_current_xact_id(), moment)::outbox;
      END IF;
      ask_expires := moment + make_interval(secs => (it -> 'terms' ->> 'timeoutSeconds')::integer);
      INSERT INTO approvals AS a (id, workspace_id, agent_id, session_id, run_id, decision_id, tool, action_digest, manifest_version, state,
          display, display_digest, score, band, quorum, approver_role, separation_of_duties, dri_at_request, created_at, expires_at)
        VALUES ((it ->> 'new_approval_id')::uuid, workspace, run.agent_id, run.session_id, run.id, (it ->> 'decision_id')::uuid, it ->> 'tool', digest,
          (it ->> 'manifest_version')::integer, 'waiting', it -> 'display', it ->> 'display_digest', (it -> 'risk' ->> 'score')::integer,
          it -> 'risk' ->> 'band', (it -> 'terms' ->> 'quorum')::integer, it -> 'terms' ->> 'approverRole',
          (it -> 'terms' ->> 'separationOfDuties')::boolean, agent.dri_id, moment, ask_expires)
        ON CONFLICT (agent_id, action_digest) WHERE state = 'waiting' DO NOTHING
        RETURNING a.id INTO ask_id;
      IF ask_id IS NULL THEN
        SELECT a.id, a.expires_at INTO ask_id, ask_expires FROM approvals a
          WHERE a.agent_id = run.agent_id AND a.action_digest = digest AND a.state = 'waiting';
      ELSE
        new_events := new_events || ROW(ask_id, workspace, 'approval.waiting', jsonb_build_object(
          'approval_id', ask_id, 'agent', agent.handle, 'tool', it ->> 'tool', 'band', it -> 'risk' ->> 'band', 'expires_at', iso_utc(ask_expires)),
          pg_current_xact_id(), moment)::outbox;
      END IF;
    END IF;

    UPDATE runs r SET steps = r.steps + 1, last_at = moment,
        allowed = r.allowed + (final = 'allow')::integer, asked = r.asked + (final = 'require_approval')::integer,
        refused = r.refused + (final IN ('deny', 'halt'))::integer, cost_micros = r.cost_micros + held
      WHERE r.id = run.id;

    seconds_left := jsonb_build_object(
      'steps', CASE WHEN it ->> 'max_steps' IS NOT NULL THEN greatest(0, (it ->> 'max_steps')::integer - run.steps - 1) END,
      'seconds', CASE WHEN it ->> 'max_seconds' IS NOT NULL THEN greatest(0, (it ->> 'max_seconds')::integer - elapsed) END,
      'cost_micros', CASE WHEN it ->> 'max_cost_micros' IS NOT NULL THEN greatest(0, (it ->> 'max_cost_micros')::bigint - used_before - held) END);
    new_decisions := new_decisions || ROW(decision, workspace, run.agent_id, (it ->> 'credential_id')::uuid, run.session_id, run.id, it ->> 'call_id',
      run.steps + 1, it ->> 'tool', it ->> 'tool_hash', digest, it -> 'call', decode(it ->> 'salt', 'hex'), final, final_rule, why, trail, it -> 'risk',
      (it -> 'facts') || jsonb_build_object('run', jsonb_build_object('state', run.state, 'steps', run.steps, 'elapsedSeconds', elapsed,
        'costMicros', used_before, 'refusals', run.refused)),
      (it ->> 'manifest_version')::integer, it ->> 'manifest_hash', coalesce(ask_id, (it ->> 'approval_id')::uuid), held, seconds_left, moment)::decisions;
    IF final = 'allow' THEN
      new_executions := new_executions || ROW(decision, workspace, ask_id, digest, held, 'granted', moment)::executions;
    END IF;

    body := jsonb_build_object('v', 1, 'kind', 'decision', 'id', it ->> 'decision_id', 'workspace', workspace, 'at', iso_utc(moment),
      'agent', agent.handle, 'level', agent.level, 'environment', agent.environment, 'credential', it ->> 'credential_id',
      'session', it ->> 'session', 'run', it ->> 'run', 'step', run.steps + 1, 'tool', it ->> 'tool', 'tool_hash', it ->> 'tool_hash',
      'action_digest', digest, 'manifest_version', (it ->> 'manifest_version')::integer, 'manifest_hash', it ->> 'manifest_hash',
      'verdict', final, 'rule', final_rule, 'reasons', (SELECT coalesce(jsonb_agg(x ->> 'code'), '[]') FROM (SELECT x FROM jsonb_array_elements(why) AS x LIMIT 20) AS r (x)),
      'score', (it -> 'risk' ->> 'score')::integer, 'approval', coalesce(ask_id::text, it ->> 'approval_id'), 'reserved_micros', held,
      'run_before', jsonb_build_object('steps', run.steps, 'elapsed_seconds', elapsed, 'cost_micros', used_before, 'state', run.state),
      'payload', it ->> 'payload_commitment');
    new_entries := new_entries || ROW(decision, workspace, 'decision', body, moment)::ledger_entries;
    new_events := new_events || ROW(decision, workspace, 'decision.made', jsonb_build_object(
      'decision_id', decision, 'agent', agent.handle, 'tool', it ->> 'tool', 'verdict', final, 'run_id', run.id), pg_current_xact_id(), moment)::outbox;

    status := 'committed'; entry := body;
    answer := jsonb_build_object('verdict', final, 'rule', final_rule, 'reasons', why, 'approval_id', ask_id, 'expires_at', iso_utc(ask_expires),
      'remaining', seconds_left, 'step', run.steps + 1);
    RETURN NEXT;
  END LOOP;

  INSERT INTO decisions SELECT * FROM unnest(new_decisions);
  INSERT INTO executions SELECT * FROM unnest(new_executions);
  INSERT INTO ledger_entries SELECT * FROM unnest(new_entries);
  INSERT INTO outbox SELECT * FROM unnest(new_events);
END $$;

-- What became of an allowed call. Settles the reservation; what was spent beyond the bound is kept as overrun and
-- halts the run. Returns 'recorded', 'repeated' (the same outcome again), 'conflict' or 'not_allowed'.
CREATE FUNCTION settle_outcome(workspace uuid, item jsonb) RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE d record; known outcomes; b budgets; actual bigint; over bigint; room bigint; moment timestamptz;
BEGIN
  PERFORM set_config('interlock.workspace_id', workspace::text, true);
  PERFORM pg_advisory_xact_lock_shared(workspace_lock_key(workspace));
  SELECT id, run_id, verdict, agent_id INTO d FROM decisions WHERE id = (item ->> 'decision_id')::uuid AND agent_id = (item ->> 'agent_id')::uuid AND workspace_id = workspace;
  IF d.id IS NULL THEN RETURN 'not_found'; END IF;
  IF d.verdict <> 'allow' THEN RETURN 'not_allowed'; END IF;
  PERFORM FROM runs WHERE id = d.run_id FOR UPDATE;
  SELECT * INTO known FROM outcomes WHERE decision_id = d.id;
  IF known.id IS NOT NULL THEN
    RETURN CASE WHEN known.claimed = item ->> 'claimed' AND known.result_hash IS NOT DISTINCT FROM item ->> 'result_hash' THEN 'repeated' ELSE 'conflict' END;
  END IF;
  moment := clock_timestamp();
  actual := (item ->> 'cost_micros')::bigint;
  INSERT INTO outcomes (id, workspace_id, decision_id, run_id, outcome, claimed, faults, result_hash, cost_micros, tokens, latency_ms, created_at)
    VALUES ((item ->> 'id')::uuid, workspace, d.id, d.run_id, item ->> 'outcome', item ->> 'claimed', item -> 'faults', item ->> 'result_hash',
      actual, (item ->> 'tokens')::bigint, (item ->> 'latency_ms')::integer, moment);
  SELECT reserved_micros INTO over FROM executions WHERE decision_id = d.id FOR UPDATE;
  UPDATE executions SET state = CASE item ->> 'outcome' WHEN 'success' THEN 'succeeded' WHEN 'failed_validation' THEN 'failed_validation'
      WHEN 'unknown' THEN 'unknown' ELSE 'failed' END WHERE decision_id = d.id;
  actual := coalesce(actual, over);
  UPDATE runs SET cost_micros = cost_micros - over + actual WHERE id = d.run_id;
  SELECT * INTO b FROM budgets WHERE scope_id = d.run_id AND metric = 'cost_micros' AND period = '' FOR UPDATE;
  IF b.scope_id IS NOT NULL THEN
    room := b.limit_amount - b.used - (b.reserved - over);
    UPDATE budgets SET reserved = reserved - over, used = used + least(actual, room), overrun = overrun + greatest(0, actual - room)
      WHERE scope_id = d.run_id AND metric = 'cost_micros' AND period = '';
    IF actual > room THEN
      UPDATE runs SET state = 'halted', halted_reason = 'execution.max_cost_usd' WHERE id = d.run_id AND state = 'running';
    END IF;
  END IF;
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at) VALUES ((item ->> 'id')::uuid, workspace, 'outcome', jsonb_build_object(
    'v', 1, 'kind', 'outcome', 'id', item ->> 'id', 'workspace', workspace, 'at', iso_utc(moment), 'decision', d.id, 'outcome', item ->> 'outcome',
    'claimed', item ->> 'claimed', 'cost_micros', (item ->> 'cost_micros')::bigint, 'result_hash', item ->> 'result_hash'), moment);
  INSERT INTO outbox (id, workspace_id, topic, payload) VALUES ((item ->> 'id')::uuid, workspace, 'outcome.reported',
    jsonb_build_object('decision_id', d.id, 'run_id', d.run_id, 'outcome', item ->> 'outcome'));
  RETURN 'recorded';
END $$;

REVOKE ALL ON FUNCTION commit_decisions, settle_outcome FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commit_decisions, settle_outcome TO interlock_app;
