-- Breakers of the systems that tools share: when one of them is down, the first failures speak for all agents.

-- The name of the system that a tool's calls depend on. As the owner, it is no part of the tool's definition.
ALTER TABLE tools ADD COLUMN dependency text CHECK (length(dependency) BETWEEN 1 AND 100);
CREATE INDEX tools_dependency ON tools (workspace_id, dependency, name) WHERE dependency IS NOT NULL;

-- The dependency a call was allowed with: its outcome counts there, whatever the catalogue says by then.
ALTER TABLE executions ADD COLUMN dependency text;

-- Failures in a row, across all agents and tools; a success removes the row. `agents` made those calls, the first 100.
CREATE TABLE dependency_breakers (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  dependency text NOT NULL,
  failures integer NOT NULL CHECK (failures > 0),
  agents uuid[] NOT NULL,
  since timestamptz NOT NULL,
  failed_at timestamptz NOT NULL,
  trial_at timestamptz,
  PRIMARY KEY (workspace_id, dependency)
);

-- How many calls each of them was refused, by hour. What refuses holds the breaker's lock.
CREATE TABLE dependency_hours (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  hour timestamptz NOT NULL,
  dependency text NOT NULL,
  refused integer NOT NULL CHECK (refused > 0),
  PRIMARY KEY (workspace_id, hour, dependency)
);

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['dependency_breakers', 'dependency_hours']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
GRANT SELECT, DELETE ON dependency_breakers, dependency_hours TO interlock_app;

-- The decisions that such a breaker refused, by dependency. All others are not in it and cost nothing.
CREATE INDEX decisions_dependency ON decisions (workspace_id, (facts -> 'run' -> 'dependency' ->> 'name'), id DESC)
  WHERE rule = 'workspace.dependency_breaker';

-- These take more than before.
DROP FUNCTION batch_open;
DROP FUNCTION batch_write;

-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;

-- Returns how the systems stand that a batch's tools depend on, with the workspace's limits; NULL when none failed
-- since it last succeeded. Locks those that failed as often as the limit says, so that of all replicas one call is the
-- trial of an open one. What failed less often has no trial to take and holds nobody up.
CREATE OR REPLACE FUNCTION batch_lock_dependencies(p_workspace uuid, p_dependency text[]) RETURNS json
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_failures integer;
  v_cool_down integer;
BEGIN
  IF NOT EXISTS (
    SELECT FROM dependency_breakers b WHERE b.workspace_id = p_workspace AND b.dependency = ANY (p_dependency)
  ) THEN RETURN NULL; END IF;
  SELECT setting_number(w.settings, 'dependency_failures', 3, 1000, 10),
    setting_number(w.settings, 'dependency_cool_down_seconds', 5, 3600, 60)
  INTO v_failures, v_cool_down FROM workspaces w WHERE w.id = p_workspace;
  RETURN (
    -- One statement, so that what opens meanwhile is not taken for open without its lock.
    WITH opened AS (
      SELECT b.* FROM dependency_breakers b
      WHERE b.workspace_id = p_workspace AND b.dependency = ANY (p_dependency) AND b.failures >= v_failures
      ORDER BY b.dependency FOR UPDATE)
    SELECT json_agg(json_build_object('name', x.dependency, 'failures', x.failures, 'agents', cardinality(x.agents),
      'failedAt', extract(epoch FROM x.failed_at)::float8, 'trialAt', extract(epoch FROM x.trial_at)::float8,
      'opensAt', v_failures, 'coolDownSeconds', v_cool_down))
    FROM (
      SELECT o.* FROM opened o
      UNION ALL
      SELECT b.* FROM dependency_breakers b
      WHERE b.workspace_id = p_workspace AND b.dependency = ANY (p_dependency) AND b.failures < v_failures) AS x);
END $$;

REVOKE ALL ON FUNCTION batch_lock_dependencies FROM PUBLIC;

-- The first statement of a batch of calls: takes the locks in their one order (workspace shared, agents, idempotency
-- keys, runs, approvals, breakers, dependencies) and returns everything stateful that judging needs, as sets. It weighs
-- nothing. Parallel arrays describe what the calls want. `p_run_…` lists each run once, sorted. `p_call_run` and
-- `p_tally_run` count its places from one, `p_key_caller` those of the callers. `p_run_seconds` is the wall clock from
-- which time spent waiting for people matters.
CREATE OR REPLACE FUNCTION batch_open(
  p_workspace uuid, p_epoch bigint,
  p_caller_agent uuid[], p_caller_epoch bigint[], p_caller_credential uuid[], p_locked_agent uuid[],
  p_key_caller integer[], p_key_agent uuid[], p_key_session text[], p_key_name text[], p_key_fingerprint text[],
  p_key_decision uuid[],
  p_run_agent uuid[], p_run_session text[], p_run_name text[], p_run_seconds integer[],
  p_call_run integer[], p_call_action text[], p_call_tool text[],
  p_tally_run integer[], p_tally_scope text[], p_tally_key text[], p_tally_span integer[],
  p_day_agent uuid[], p_day_cost bigint[], p_day_tokens bigint[],
  p_named uuid[], p_dependency text[], p_ask_agent uuid[], p_ask_action text[], p_ask_args text[]
) RETURNS TABLE (
  fresh boolean, moment text, iso text, seconds double precision, today text,
  callers json, keys json, runs json, failed json, tallies json, days json, breakers json,
  dependencies json, approvals json, asking json, refusals json
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
  dependencies := CASE WHEN cardinality(p_dependency) > 0 THEN batch_lock_dependencies(p_workspace, p_dependency) END;

  v_now := clock_timestamp();
  moment := v_now::text; iso := iso_utc(v_now);
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

-- The second statement of a batch: writes what was judged, as sets, in the transaction that `batch_open` began. What
-- only some calls leave behind (approvals, halts, pauses, trials) comes as rows in `p_rare`.
CREATE OR REPLACE FUNCTION batch_write(
  p_workspace uuid, p_moment timestamptz, p_today text,
  p_id uuid[], p_agent uuid[], p_credential uuid[], p_session uuid[], p_run uuid[], p_call_id text[], p_step integer[],
  p_tool text[], p_tool_hash text[], p_action text[], p_call jsonb[], p_salt bytea[], p_verdict text[], p_rule text[],
  p_reasons jsonb[], p_checks jsonb[], p_risk jsonb[], p_facts jsonb[], p_manifest_version integer[],
  p_manifest_hash text[], p_guardrail_version integer[], p_guardrail_hash text[], p_approval uuid[],
  p_reserved bigint[], p_remaining jsonb[], p_receipt text[], p_trace bytea[], p_parent_span bytea[],
  p_entry_id uuid[], p_entry_kind text[], p_entry_body text[],
  p_event_id uuid[], p_event_topic text[], p_event_payload jsonb[],
  p_allowed_id uuid[], p_allowed_approval uuid[], p_allowed_action text[], p_allowed_micros bigint[],
  p_allowed_tokens bigint[], p_allowed_micros_assumed bigint[], p_allowed_tokens_assumed bigint[],
  p_allowed_dependency text[],
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
    reach = u.reach, ended_at = NULL, ended_reason = NULL
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
    guardrail_version, guardrail_hash, approval_id, reserved_micros, remaining, receipt, trace_id, parent_span_id,
    created_at)
  SELECT u.id, p_workspace, u.agent, u.credential, u.session, u.run, u.call_id, u.step, u.tool, u.tool_hash, u.action,
    u.call, u.salt, u.verdict, u.rule, u.reasons, u.checks, u.risk, u.facts, u.mv, u.mh, u.gv, u.gh, u.approval,
    u.reserved, u.remaining, u.receipt, u.trace, u.parent_span, p_moment
  FROM unnest(p_id, p_agent, p_credential, p_session, p_run, p_call_id, p_step, p_tool, p_tool_hash, p_action, p_call,
      p_salt, p_verdict, p_rule, p_reasons, p_checks, p_risk, p_facts, p_manifest_version, p_manifest_hash,
      p_guardrail_version, p_guardrail_hash, p_approval, p_reserved, p_remaining, p_receipt,
      p_trace, p_parent_span)
    AS u (id, agent, credential, session, run, call_id, step, tool, tool_hash, action, call, salt, verdict, rule,
      reasons, checks, risk, facts, mv, mh, gv, gh, approval, reserved, remaining, receipt, trace,
      parent_span);
  INSERT INTO executions (decision_id, workspace_id, approval_id, action_digest, reserved_micros, reserved_tokens,
    assumed_micros, assumed_tokens, state, created_at, day, dependency)
  SELECT u.id, p_workspace, u.approval, u.action, u.micros, u.tokens, u.micros_assumed, u.tokens_assumed, 'granted',
    p_moment, p_today, u.dependency
  FROM unnest(p_allowed_id, p_allowed_approval, p_allowed_action, p_allowed_micros, p_allowed_tokens,
      p_allowed_micros_assumed, p_allowed_tokens_assumed, p_allowed_dependency)
    AS u (id, approval, action, micros, tokens, micros_assumed, tokens_assumed, dependency);
  INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
  SELECT u.id, p_workspace, u.kind, u.body, p_moment
  FROM unnest(p_entry_id, p_entry_kind, p_entry_body) AS u (id, kind, body);
  INSERT INTO outbox (id, workspace_id, topic, payload, xid, created_at)
  SELECT u.id, p_workspace, u.topic, u.payload, pg_current_xact_id(), p_moment
  FROM unnest(p_event_id, p_event_topic, p_event_payload) AS u (id, topic, payload);
END $$;

REVOKE ALL ON FUNCTION batch_write FROM PUBLIC;
GRANT EXECUTE ON FUNCTION batch_write TO interlock_app;

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
  UPDATE dependency_breakers b SET trial_at = p_moment
  FROM jsonb_to_recordset(p_rare -> 'dependency_trials') AS u (dependency text)
  WHERE b.workspace_id = p_workspace AND b.dependency = u.dependency;
  INSERT INTO dependency_hours AS h (workspace_id, hour, dependency, refused)
  SELECT p_workspace, date_trunc('hour', p_moment, 'UTC'), u.dependency, u.refused
  FROM jsonb_to_recordset(p_rare -> 'dependency_refusals') AS u (dependency text, refused integer)
  ORDER BY u.dependency
  ON CONFLICT (workspace_id, hour, dependency) DO UPDATE SET refused = h.refused + excluded.refused;
  INSERT INTO stops (id, workspace_id, scope, target_id, reason, requested_by, requested_at, confirmed_at, decision_id)
  SELECT u.id, p_workspace, 'run', u.target_id, u.reason, NULL, p_moment, p_moment, u.decision_id
  FROM jsonb_populate_recordset(NULL::stops, p_rare -> 'stops') AS u;
  INSERT INTO incidents (id, workspace_id, agent_id, run_id, decision_id, stop_id, class, rule, title, opened_at)
  SELECT u.id, p_workspace, u.agent_id, u.run_id, u.decision_id, u.stop_id, u.class, u.rule, u.title, p_moment
  FROM jsonb_populate_recordset(NULL::incidents, p_rare -> 'incidents') AS u;
END $$;

REVOKE ALL ON FUNCTION batch_write_rare FROM PUBLIC;

-- The second statement of settling a call: writes what it came to, in the transaction that `outcome_open` began.
-- `p_change` has the fields of what settling changes; `p_report` is the outcome and `p_late` what was named after it,
-- each null without one; `p_rare` is what a halt leaves behind, as a batch writes it.
CREATE OR REPLACE FUNCTION outcome_write(
  p_workspace uuid, p_moment timestamptz, p_agent uuid, p_run uuid, p_decision uuid, p_tool text,
  p_action text, p_day text,
  p_report jsonb, p_late jsonb, p_change jsonb, p_entry_id uuid[], p_entry_kind text[], p_entry_body text[],
  p_event_id uuid[], p_event_topic text[], p_event_payload jsonb[], p_rare jsonb)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_run jsonb := p_change -> 'run';
  v_dependency text;
BEGIN
  IF p_report IS NOT NULL THEN
    INSERT INTO outcomes (id, workspace_id, decision_id, run_id, outcome, claimed, faults, result_hash, cost_micros,
      tokens, latency_ms, effect, created_at)
    SELECT r.id, p_workspace, p_decision, p_run, r.outcome, r.claimed, r.faults, r.result_hash, r.cost_micros,
      r.tokens, r.latency_ms, r.effect, p_moment
    FROM jsonb_populate_record(NULL::outcomes, p_report) AS r;
  END IF;
  IF p_late IS NOT NULL THEN
    INSERT INTO late_costs (id, workspace_id, decision_id, cost_before, cost_micros, tokens_before, tokens, created_at)
    SELECT l.id, p_workspace, p_decision, l.cost_before, l.cost_micros, l.tokens_before, l.tokens, p_moment
    FROM jsonb_populate_record(NULL::late_costs, p_late) AS l;
  END IF;
  UPDATE executions e SET state = coalesce(p_change ->> 'execution', e.state),
      settled_micros = (p_change -> 'cost' ->> 'settled')::bigint,
      named_micros = (p_change -> 'cost' ->> 'named')::bigint,
      settled_tokens = (p_change -> 'tokens' ->> 'settled')::bigint,
      named_tokens = (p_change -> 'tokens' ->> 'named')::bigint
    WHERE e.decision_id = p_decision RETURNING e.dependency INTO v_dependency;
  UPDATE budgets b SET used = u.used, reserved = u.reserved, overrun = b.overrun + u.overrun
    FROM jsonb_to_recordset(p_change -> 'budgets')
      AS u (scope text, metric text, used bigint, reserved bigint, overrun bigint)
    WHERE b.metric = u.metric AND b.scope_id = CASE u.scope WHEN 'run' THEN p_run ELSE p_agent END
      AND b.period = CASE u.scope WHEN 'run' THEN '' ELSE p_day END;
  UPDATE runs r SET cost_micros = (v_run ->> 'costMicros')::bigint, failures = (v_run ->> 'failures')::integer,
      same_calls = (v_run ->> 'sameCalls')::integer, last_result = v_run ->> 'lastResult',
      state = CASE WHEN p_change -> 'halt' = 'null' THEN r.state ELSE 'halted' END,
      ended_at = CASE WHEN p_change -> 'halt' = 'null' THEN r.ended_at END,
      ended_reason = CASE WHEN p_change -> 'halt' = 'null' THEN r.ended_reason END,
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
    -- Whoever's call it was: all that depend on the system share the count. Most tools depend on none.
    IF v_dependency IS NOT NULL THEN
      INSERT INTO dependency_breakers AS b (workspace_id, dependency, failures, agents, since, failed_at)
        VALUES (p_workspace, v_dependency, 1, ARRAY[p_agent], p_moment, p_moment)
        ON CONFLICT (workspace_id, dependency)
          DO UPDATE SET failures = b.failures + 1, failed_at = greatest(b.failed_at, excluded.failed_at),
            trial_at = NULL, agents = CASE WHEN p_agent = ANY (b.agents) OR cardinality(b.agents) >= 100 THEN b.agents
              ELSE b.agents || p_agent END;
    END IF;
  ELSIF p_change ->> 'result' = 'success' THEN
    DELETE FROM tallies t WHERE t.scope_id = p_run AND t.key = p_action AND t.bucket = 0;
    DELETE FROM breakers b WHERE b.agent_id = p_agent AND b.tool = p_tool;
    IF v_dependency IS NOT NULL THEN
      DELETE FROM dependency_breakers b WHERE b.workspace_id = p_workspace AND b.dependency = v_dependency;
    END IF;
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
