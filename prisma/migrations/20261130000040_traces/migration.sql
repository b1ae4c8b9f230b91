-- What agents' own telemetry says: batches on their way in, events, and what is counted from them.

-- Batches that were acknowledged and are not written yet. They are redacted before they come here. The digest is keyed,
-- of the body as it was received, so that it tells nobody what the body was; `part` counts the pieces of a large body.
CREATE TABLE ingest_inbox (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  inlet text NOT NULL,
  digest bytea NOT NULL,
  part integer NOT NULL CHECK (part >= 0),
  events integer NOT NULL CHECK (events >= 0),
  body text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When it may be taken: later than now while somebody has it, or after a failure.
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (workspace_id, digest, part)
);
-- Compressing costs more than it saves for rows that are deleted within seconds.
ALTER TABLE ingest_inbox ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX ingest_inbox_due ON ingest_inbox (workspace_id, due_at, id);

-- Batches that could not be written, kept until somebody replays them.
CREATE TABLE ingest_dead_letters (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  inlet text NOT NULL,
  digest bytea NOT NULL,
  part integer NOT NULL,
  events integer NOT NULL,
  body text NOT NULL,
  attempts integer NOT NULL,
  reason text NOT NULL,
  received_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  replayed_at timestamptz,
  replayed_by uuid
);
CREATE INDEX ingest_dead_letters_workspace ON ingest_dead_letters (workspace_id, id DESC);

-- Events, one row each, never changed. Partitioned by `kept_at`: when the event began or, for what arrives more than a
-- day late or from the future, when it was written. So a day is complete a day after it ended, the clock of a sender
-- makes no partitions, and a partition can be dropped when its retention ends. What no search asks for is in `detail`.
CREATE TABLE events (
  workspace_id uuid NOT NULL,
  kept_at timestamptz NOT NULL,
  trace_id bytea NOT NULL CHECK (length(trace_id) = 16),
  event_id bytea NOT NULL CHECK (length(event_id) = 8),
  parent_event_id bytea CHECK (length(parent_event_id) = 8),
  agent_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  start_ns bigint NOT NULL,
  end_ns bigint,
  source text NOT NULL,
  dialect text NOT NULL,
  producer text,
  name text NOT NULL,
  kind text NOT NULL,
  usage_role text NOT NULL,
  -- Whether its time is near enough to when it arrived to count as evidence.
  in_window boolean NOT NULL,
  -- Whether it says that it is another agent's than the credential's.
  claims_other boolean NOT NULL,
  agent_version text,
  session text,
  run text,
  step integer,
  claimed_decision text,
  provider text,
  model text,
  tokens_input bigint CHECK (tokens_input >= 0),
  tokens_output bigint CHECK (tokens_output >= 0),
  tokens_cache_read bigint CHECK (tokens_cache_read >= 0),
  tokens_cache_write bigint CHECK (tokens_cache_write >= 0),
  tokens_reasoning bigint CHECK (tokens_reasoning >= 0),
  -- Trillionths of a US dollar: what counts, and what our prices make of it, as priced when it arrived. What it is priced
  -- at later is in `event_costs`.
  cost_picos bigint CHECK (cost_picos >= 0),
  computed_picos bigint CHECK (computed_picos >= 0),
  cost_status text NOT NULL CHECK (cost_status IN ('given', 'computed', 'unpriced', 'no_usage', 'rollup')),
  price_ref text,
  tool text,
  call_id text,
  args_digest bytea,
  outcome text,
  error_type text,
  customer text,
  -- Keyed, of the event before it was redacted: whether a second version says something else.
  digest bytea NOT NULL,
  detail jsonb NOT NULL,
  PRIMARY KEY (workspace_id, trace_id, event_id, kept_at)
) PARTITION BY RANGE (kept_at);
CREATE TABLE events_default PARTITION OF events DEFAULT;
CREATE INDEX events_agent ON events (workspace_id, agent_id, started_at DESC);

-- Prices given to events after they were written, each a new version. The newest counts.
CREATE TABLE event_costs (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  trace_id bytea NOT NULL,
  event_id bytea NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  kept_at timestamptz NOT NULL,
  cost_picos bigint CHECK (cost_picos >= 0),
  computed_picos bigint CHECK (computed_picos >= 0),
  cost_status text NOT NULL CHECK (cost_status IN ('given', 'computed', 'unpriced')),
  price_ref text,
  repricing_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, trace_id, event_id, version)
);
CREATE INDEX event_costs_repricing ON event_costs (workspace_id, repricing_id);
CREATE INDEX event_costs_kept ON event_costs (workspace_id, kept_at);

-- Second versions of events: the same ids with other content. The first version stays the one that counts.
CREATE TABLE event_conflicts (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  trace_id bytea NOT NULL,
  event_id bytea NOT NULL,
  digest bytea NOT NULL,
  agent_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  event jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, trace_id, event_id, digest)
);
CREATE INDEX event_conflicts_received ON event_conflicts (workspace_id, received_at);

-- What is said of events, traces or runs afterwards: ratings, corrections, outcomes, scores.
CREATE TABLE event_facts (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('feedback', 'outcome', 'evaluation', 'review')),
  trace_id bytea CHECK (length(trace_id) = 16),
  event_id bytea CHECK (length(event_id) = 8),
  run text,
  body jsonb NOT NULL,
  digest bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (trace_id IS NOT NULL OR run IS NOT NULL),
  UNIQUE (workspace_id, digest)
);
CREATE INDEX event_facts_trace ON event_facts (workspace_id, trace_id);
CREATE INDEX event_facts_run ON event_facts (workspace_id, run);

-- One row a trace. `kept_from` and `kept_to` say which days hold its events.
CREATE TABLE traces (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  trace_id bytea NOT NULL CHECK (length(trace_id) = 16),
  agent_id uuid NOT NULL,
  run text,
  session text,
  name text,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  kept_from timestamptz NOT NULL,
  kept_to timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  events bigint NOT NULL,
  errors bigint NOT NULL,
  model_calls bigint NOT NULL,
  tool_calls bigint NOT NULL,
  tokens_input numeric NOT NULL,
  tokens_output numeric NOT NULL,
  cost_picos numeric NOT NULL,
  unpriced bigint NOT NULL,
  conflicts bigint NOT NULL DEFAULT 0,
  ended_at timestamptz,
  ended_reason text CHECK (ended_reason IN ('root_ended', 'quiet')),
  PRIMARY KEY (workspace_id, trace_id),
  CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
);
CREATE INDEX traces_received ON traces (workspace_id, received_at DESC);
CREATE INDEX traces_agent ON traces (workspace_id, agent_id, first_at DESC);
CREATE INDEX traces_run ON traces (workspace_id, run);

-- What dashboards read. An empty text stands for "none". `latencies` and `costs` count events by the buckets of
-- `lib/core/shared/log-histogram.ts`.
CREATE TABLE agent_hours (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  hour timestamptz NOT NULL,
  agent_id uuid NOT NULL,
  agent_version text NOT NULL,
  kind text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  tool text NOT NULL,
  in_window boolean NOT NULL,
  events bigint NOT NULL,
  errors bigint NOT NULL,
  successes bigint NOT NULL,
  retries bigint NOT NULL,
  failed_validations bigint NOT NULL,
  human_reviews bigint NOT NULL,
  tokens_input numeric NOT NULL,
  tokens_output numeric NOT NULL,
  tokens_cache_read numeric NOT NULL,
  tokens_cache_write numeric NOT NULL,
  tokens_reasoning numeric NOT NULL,
  cost_picos numeric NOT NULL,
  priced bigint NOT NULL,
  unpriced bigint NOT NULL,
  priced_tokens numeric NOT NULL,
  unpriced_tokens numeric NOT NULL,
  latencies bigint[] NOT NULL,
  costs bigint[] NOT NULL,
  PRIMARY KEY (workspace_id, hour, agent_id, agent_version, kind, provider, model, tool, in_window)
);
CREATE INDEX agent_hours_agent ON agent_hours (workspace_id, agent_id, hour);

-- What feeds an agent, and when it was last heard: silence is a failure too.
CREATE TABLE feeds (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  producer text NOT NULL,
  dialect text NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  last_event_at timestamptz NOT NULL,
  events bigint NOT NULL,
  out_of_window bigint NOT NULL,
  claims_other bigint NOT NULL,
  PRIMARY KEY (workspace_id, agent_id, credential_id, producer)
);

-- What agents' own metrics say of their usage. It is shown beside what events tell and never added to it.
CREATE TABLE usage_points (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  point_id bytea NOT NULL CHECK (length(point_id) = 16),
  series_id bytea NOT NULL CHECK (length(series_id) = 16),
  agent_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  metric text NOT NULL,
  measured_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  point jsonb NOT NULL,
  PRIMARY KEY (workspace_id, point_id)
);
CREATE INDEX usage_points_agent ON usage_points (workspace_id, agent_id, measured_at DESC);
CREATE INDEX usage_points_received ON usage_points (workspace_id, received_at);

-- Attributes that no rule reads, by key.
CREATE TABLE unread_keys (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL,
  producer text NOT NULL,
  key text NOT NULL,
  events bigint NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, agent_id, producer, key)
);

-- Tool calls that were executed, each with the decision it met once it was looked for. One that was looked for and met
-- none is an ungoverned call.
CREATE TABLE executed_calls (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  trace_id bytea NOT NULL,
  event_id bytea NOT NULL,
  agent_id uuid NOT NULL,
  tool text NOT NULL,
  run text,
  call_id text,
  started_at timestamptz NOT NULL,
  kept_at timestamptz NOT NULL,
  in_window boolean NOT NULL,
  claimed_decision text,
  args_digest bytea,
  joined_at timestamptz,
  decision_id uuid,
  joined_by text CHECK (joined_by IN ('decision_id', 'traceparent', 'call')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, trace_id, event_id),
  CHECK ((decision_id IS NULL) = (joined_by IS NULL)),
  CHECK (decision_id IS NULL OR joined_at IS NOT NULL)
);
CREATE INDEX executed_calls_ungoverned ON executed_calls (workspace_id, agent_id, started_at DESC)
  WHERE decision_id IS NULL AND joined_at IS NOT NULL;
CREATE INDEX executed_calls_unjoined ON executed_calls (workspace_id, created_at) WHERE joined_at IS NULL;
CREATE INDEX executed_calls_decision ON executed_calls (workspace_id, decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX executed_calls_kept ON executed_calls (workspace_id, kept_at);

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['ingest_inbox', 'ingest_dead_letters', 'events', 'event_costs', 'event_conflicts',
    'event_facts', 'usage_points', 'traces', 'agent_hours', 'feeds', 'unread_keys', 'executed_calls']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
-- Events and what is counted from them are written by functions that dedupe, and only read here.
GRANT SELECT ON events, traces, agent_hours, feeds, unread_keys, event_conflicts TO interlock_app;
GRANT SELECT, INSERT, DELETE ON ingest_inbox TO interlock_app;
GRANT UPDATE (attempts, last_error, due_at) ON ingest_inbox TO interlock_app;
GRANT SELECT, INSERT ON
  ingest_dead_letters, event_costs, event_facts, executed_calls, usage_points
TO interlock_app;
GRANT UPDATE (body, replayed_at, replayed_by) ON ingest_dead_letters TO interlock_app;
GRANT UPDATE (decision_id, joined_by, joined_at) ON executed_calls TO interlock_app;

-- A job keeps partitions ready from here on.
DO $$
DECLARE
  v_day timestamptz;
BEGIN
  FOR v_offset IN -1..7 LOOP
    v_day := ((clock_timestamp() AT TIME ZONE 'UTC')::date + v_offset)::timestamp AT TIME ZONE 'UTC';
    EXECUTE format('CREATE TABLE %I PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
      'events_' || to_char(v_day AT TIME ZONE 'UTC', 'YYYYMMDD'), v_day, v_day + interval '1 day');
  END LOOP;
END $$;

-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;

-- Adds two lists of counts place by place. The shorter one counts as if it ended in zeros.
CREATE OR REPLACE FUNCTION add_counts(p_one bigint[], p_other bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(coalesce(u.one, 0) + coalesce(u.other, 0) ORDER BY u.place), '{}')
  FROM unnest(p_one, p_other) WITH ORDINALITY AS u (one, other, place)
$$;

-- Deletes at most so many of a workspace's events that were kept and arrived before a moment, and what hangs on traces
-- all of whose events are older. Returns how many events went. What was counted in `agent_hours` stays.
CREATE OR REPLACE FUNCTION delete_events_before(p_workspace uuid, p_before timestamptz, p_take integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_events integer;
BEGIN
  PERFORM pg_advisory_xact_lock(events_lock_key(p_workspace));
  DELETE FROM events e USING (
    SELECT o.trace_id, o.event_id, o.kept_at FROM events o
    WHERE o.workspace_id = p_workspace AND o.kept_at < p_before AND o.received_at < p_before LIMIT p_take) AS old
  WHERE e.workspace_id = p_workspace AND e.trace_id = old.trace_id AND e.event_id = old.event_id
    AND e.kept_at = old.kept_at AND e.kept_at < p_before;
  GET DIAGNOSTICS v_events = ROW_COUNT;
  IF v_events < p_take THEN
    DELETE FROM traces WHERE workspace_id = p_workspace AND kept_to < p_before AND received_at < p_before;
    DELETE FROM executed_calls WHERE workspace_id = p_workspace AND kept_at < p_before - interval '1 day';
    DELETE FROM event_costs WHERE workspace_id = p_workspace AND kept_at < p_before - interval '1 day';
    DELETE FROM event_conflicts WHERE workspace_id = p_workspace AND received_at < p_before;
    DELETE FROM usage_points WHERE workspace_id = p_workspace AND received_at < p_before;
    DELETE FROM event_facts WHERE workspace_id = p_workspace AND created_at < p_before;
  END IF;
  RETURN v_events;
END $$;

REVOKE ALL ON FUNCTION delete_events_before FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delete_events_before TO interlock_app;

-- Drops the daily partitions of `events` that no workspace keeps any longer, and returns how many. The longest any
-- workspace keeps them decides; a partition of events is complete a day after its own day. It is security definer
-- because the application's role owns no tables.
CREATE OR REPLACE FUNCTION drop_event_partitions(p_days integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  v_dropped integer := 0;
  v_partition text;
BEGIN
  IF p_days < 1 THEN RAISE EXCEPTION 'events are kept for at least one day' USING ERRCODE = 'check_violation'; END IF;
  FOR v_partition IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'events'::regclass AND c.relname ~ '^events_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') + 2 <= (clock_timestamp() AT TIME ZONE 'UTC')::date - p_days
    ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE %I', v_partition);
    v_dropped := v_dropped + 1;
  END LOOP;
  RETURN v_dropped;
END $$;

REVOKE ALL ON FUNCTION drop_event_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_event_partitions TO interlock_app;

-- Creates the daily partitions of `decisions` and `events` that are missing, to the given number of days ahead, and
-- returns how many it created. Events of yesterday still arrive. It is security definer because the application's role
-- owns no tables.
CREATE OR REPLACE FUNCTION ensure_partitions(p_days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_created integer := 0;
  v_day record;
BEGIN
  FOR v_day IN
    SELECT t.name, t.name || to_char(d.starts, '_YYYYMMDD') AS partition,
      CASE t.name WHEN 'decisions' THEN uuid_at(d.starts)::text ELSE d.starts::text END AS first,
      CASE t.name WHEN 'decisions' THEN uuid_at(d.starts + interval '1 day')::text
        ELSE (d.starts + interval '1 day')::text END AS next
    FROM (VALUES ('decisions', 0), ('events', -1)) AS t (name, since),
      generate_series(t.since, p_days_ahead) AS n (days),
      LATERAL (
        SELECT ((clock_timestamp() AT TIME ZONE 'UTC')::date + n.days)::timestamp AT TIME ZONE 'UTC') AS d (starts)
  LOOP
    CONTINUE WHEN to_regclass(v_day.partition) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        v_day.partition, v_day.name, v_day.first, v_day.next);
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

-- Keeps second versions of events beside the first, and counts them on their traces. The same second version again
-- changes nothing. Returns how many are new.
CREATE OR REPLACE FUNCTION events_conflict(
  p_workspace uuid, p_trace bytea[], p_event bytea[], p_digest bytea[], p_agent uuid[], p_credential uuid[],
  p_received bigint[], p_content jsonb[]
) RETURNS TABLE (kept bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH written AS (
    INSERT INTO event_conflicts
      (workspace_id, trace_id, event_id, digest, agent_id, credential_id, event, received_at)
    SELECT p_workspace, u.trace, u.event, u.digest, u.agent, u.credential, u.content, moment_of(u.received)
    FROM unnest(p_trace, p_event, p_digest, p_agent, p_credential, p_received, p_content)
      AS u (trace, event, digest, agent, credential, received, content)
    ON CONFLICT DO NOTHING
    RETURNING trace_id
  ), counted AS (
    UPDATE traces t SET conflicts = t.conflicts + w.n
    FROM (SELECT trace_id, count(*) AS n FROM written GROUP BY trace_id) AS w
    WHERE t.workspace_id = p_workspace AND t.trace_id = w.trace_id
  )
  SELECT count(*) FROM written
$$;

REVOKE ALL ON FUNCTION events_conflict FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_conflict TO interlock_app;

-- Adds what the events of one write come to to what is known of each feed, and counts the attributes that no rule read.
-- An agent has at most 1,000 such keys: a sender that invents keys must not fill the database with them.
CREATE OR REPLACE FUNCTION events_count_feeds(
  p_workspace uuid, p_agent uuid[], p_credential uuid[], p_producer text[], p_dialect text[], p_received bigint[],
  p_last_event bigint[], p_events bigint[], p_out_of_window bigint[], p_claims_other bigint[],
  p_key_agent uuid[], p_key_producer text[], p_key text[], p_key_events bigint[], p_key_received bigint[]
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO feeds AS f (
    workspace_id, agent_id, credential_id, producer, dialect, first_received_at, last_received_at, last_event_at,
    events, out_of_window, claims_other)
  SELECT p_workspace, u.agent, u.credential, u.producer, u.dialect, moment_of(u.received), moment_of(u.received),
    moment_of(u.last_event), u.events, u.out_of_window, u.claims_other
  FROM unnest(p_agent, p_credential, p_producer, p_dialect, p_received, p_last_event, p_events, p_out_of_window,
      p_claims_other)
    AS u (agent, credential, producer, dialect, received, last_event, events, out_of_window, claims_other)
  ON CONFLICT (workspace_id, agent_id, credential_id, producer) DO UPDATE SET
    dialect = excluded.dialect,
    last_received_at = greatest(f.last_received_at, excluded.last_received_at),
    last_event_at = greatest(f.last_event_at, excluded.last_event_at),
    events = f.events + excluded.events,
    out_of_window = f.out_of_window + excluded.out_of_window,
    claims_other = f.claims_other + excluded.claims_other;

  INSERT INTO unread_keys AS k (workspace_id, agent_id, producer, key, events, last_received_at)
  SELECT p_workspace, u.agent, u.producer, u.key, u.events, moment_of(u.received)
  FROM (
    SELECT n.*, row_number() OVER (PARTITION BY n.agent, known.agent_id IS NULL ORDER BY n.producer, n.key) AS place,
      known.agent_id IS NOT NULL AS is_known
    FROM unnest(p_key_agent, p_key_producer, p_key, p_key_events, p_key_received)
      AS n (agent, producer, key, events, received)
    LEFT JOIN unread_keys known ON known.workspace_id = p_workspace AND known.agent_id = n.agent
      AND known.producer = n.producer AND known.key = n.key
  ) AS u
  WHERE u.is_known OR u.place <= 1000 - (
    SELECT count(*) FROM unread_keys o WHERE o.workspace_id = p_workspace AND o.agent_id = u.agent)
  ON CONFLICT (workspace_id, agent_id, producer, key) DO UPDATE SET
    events = k.events + excluded.events,
    last_received_at = greatest(k.last_received_at, excluded.last_received_at);
END $$;

REVOKE ALL ON FUNCTION events_count_feeds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_count_feeds TO interlock_app;

-- Adds what the events of one write come to to the hours they began in, whether or not those are long over. Rows come
-- in the order of their keys, and counts of buckets as array literals.
CREATE OR REPLACE FUNCTION events_count_hours(
  p_workspace uuid, p_hour bigint[], p_agent uuid[], p_agent_version text[], p_kind text[], p_provider text[],
  p_model text[], p_tool text[], p_in_window boolean[], p_events bigint[], p_errors bigint[], p_successes bigint[],
  p_retries bigint[], p_failed_validations bigint[], p_human_reviews bigint[], p_tokens_input text[],
  p_tokens_output text[], p_tokens_cache_read text[], p_tokens_cache_write text[], p_tokens_reasoning text[],
  p_cost_picos text[], p_priced bigint[], p_unpriced bigint[], p_priced_tokens text[], p_unpriced_tokens text[],
  p_latencies text[], p_costs text[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO agent_hours AS h (
    workspace_id, hour, agent_id, agent_version, kind, provider, model, tool, in_window, events, errors, successes,
    retries, failed_validations, human_reviews, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write,
    tokens_reasoning, cost_picos, priced, unpriced, priced_tokens, unpriced_tokens, latencies, costs)
  SELECT p_workspace, moment_of(u.hour), u.agent, u.agent_version, u.kind, u.provider, u.model, u.tool, u.in_window,
    u.events, u.errors, u.successes, u.retries, u.failed, u.reviews, u.input::numeric, u.output::numeric,
    u.cache_read::numeric, u.cache_write::numeric, u.reasoning::numeric, u.cost::numeric, u.priced, u.unpriced,
    u.priced_tokens::numeric, u.unpriced_tokens::numeric, u.latencies::bigint[], u.costs::bigint[]
  FROM unnest(p_hour, p_agent, p_agent_version, p_kind, p_provider, p_model, p_tool, p_in_window, p_events, p_errors,
      p_successes, p_retries, p_failed_validations, p_human_reviews, p_tokens_input, p_tokens_output,
      p_tokens_cache_read, p_tokens_cache_write, p_tokens_reasoning, p_cost_picos, p_priced, p_unpriced,
      p_priced_tokens, p_unpriced_tokens, p_latencies, p_costs)
    AS u (hour, agent, agent_version, kind, provider, model, tool, in_window, events, errors, successes, retries,
      failed, reviews, input, output, cache_read, cache_write, reasoning, cost, priced, unpriced, priced_tokens,
      unpriced_tokens, latencies, costs)
  ON CONFLICT (workspace_id, hour, agent_id, agent_version, kind, provider, model, tool, in_window) DO UPDATE SET
    events = h.events + excluded.events,
    errors = h.errors + excluded.errors,
    successes = h.successes + excluded.successes,
    retries = h.retries + excluded.retries,
    failed_validations = h.failed_validations + excluded.failed_validations,
    human_reviews = h.human_reviews + excluded.human_reviews,
    tokens_input = h.tokens_input + excluded.tokens_input,
    tokens_output = h.tokens_output + excluded.tokens_output,
    tokens_cache_read = h.tokens_cache_read + excluded.tokens_cache_read,
    tokens_cache_write = h.tokens_cache_write + excluded.tokens_cache_write,
    tokens_reasoning = h.tokens_reasoning + excluded.tokens_reasoning,
    cost_picos = h.cost_picos + excluded.cost_picos,
    priced = h.priced + excluded.priced,
    unpriced = h.unpriced + excluded.unpriced,
    priced_tokens = h.priced_tokens + excluded.priced_tokens,
    unpriced_tokens = h.unpriced_tokens + excluded.unpriced_tokens,
    latencies = add_counts(h.latencies, excluded.latencies),
    costs = add_counts(h.costs, excluded.costs)
$$;

REVOKE ALL ON FUNCTION events_count_hours FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_count_hours TO interlock_app;

-- Adds what the events of one write come to to their traces. The first agent that is heard of in a trace stays its
-- agent.
CREATE OR REPLACE FUNCTION events_count_traces(
  p_workspace uuid, p_trace bytea[], p_agent uuid[], p_run text[], p_session text[], p_name text[], p_first bigint[],
  p_last bigint[], p_kept_from bigint[], p_kept_to bigint[], p_received bigint[], p_events bigint[], p_errors bigint[],
  p_model_calls bigint[], p_tool_calls bigint[], p_tokens_input text[], p_tokens_output text[], p_cost_picos text[],
  p_unpriced bigint[], p_root_ended bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO traces AS t (
    workspace_id, trace_id, agent_id, run, session, name, first_at, last_at, kept_from, kept_to, received_at, events,
    errors, model_calls, tool_calls, tokens_input, tokens_output, cost_picos, unpriced, ended_at, ended_reason)
  SELECT p_workspace, u.trace, u.agent, u.run, u.session, u.name, moment_of(u.first), moment_of(u.last),
    moment_of(u.kept_from), moment_of(u.kept_to), moment_of(u.received), u.events, u.errors, u.model_calls,
    u.tool_calls, u.input::numeric, u.output::numeric, u.cost::numeric, u.unpriced,
    moment_of(u.root_ended), CASE WHEN u.root_ended IS NOT NULL THEN 'root_ended' END
  FROM unnest(p_trace, p_agent, p_run, p_session, p_name, p_first, p_last, p_kept_from, p_kept_to, p_received,
      p_events, p_errors, p_model_calls, p_tool_calls, p_tokens_input, p_tokens_output, p_cost_picos, p_unpriced,
      p_root_ended)
    AS u (trace, agent, run, session, name, first, last, kept_from, kept_to, received, events, errors, model_calls,
      tool_calls, input, output, cost, unpriced, root_ended)
  ON CONFLICT (workspace_id, trace_id) DO UPDATE SET
    run = coalesce(t.run, excluded.run),
    session = coalesce(t.session, excluded.session),
    name = coalesce(t.name, excluded.name),
    first_at = least(t.first_at, excluded.first_at),
    last_at = greatest(t.last_at, excluded.last_at),
    kept_from = least(t.kept_from, excluded.kept_from),
    kept_to = greatest(t.kept_to, excluded.kept_to),
    received_at = greatest(t.received_at, excluded.received_at),
    events = t.events + excluded.events,
    errors = t.errors + excluded.errors,
    model_calls = t.model_calls + excluded.model_calls,
    tool_calls = t.tool_calls + excluded.tool_calls,
    tokens_input = t.tokens_input + excluded.tokens_input,
    tokens_output = t.tokens_output + excluded.tokens_output,
    cost_picos = t.cost_picos + excluded.cost_picos,
    unpriced = t.unpriced + excluded.unpriced,
    -- A trace that was taken for over because it was quiet, and is heard of again, is not over.
    ended_at = CASE WHEN t.ended_reason = 'root_ended' THEN t.ended_at ELSE excluded.ended_at END,
    ended_reason = CASE WHEN t.ended_reason = 'root_ended' THEN t.ended_reason ELSE excluded.ended_reason END
$$;

REVOKE ALL ON FUNCTION events_count_traces FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_count_traces TO interlock_app;

-- The key of the advisory lock under which a workspace's events are written. One writer at a time makes looking for an
-- event that is there already, on whatever day, safe against the same event arriving twice at once.
CREATE OR REPLACE FUNCTION events_lock_key(p_workspace uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hashtextextended('events ' || p_workspace::text, 0)
$$;

-- The first statement of a write: takes the workspace's lock on its events and returns which of these are there
-- already, by their places in the lists from 1 on: `known` all of them, `conflicting` those of which other content is
-- there. A trace's row says which days hold its events, so an event is found whatever time it names now.
CREATE OR REPLACE FUNCTION events_open(
  p_workspace uuid, p_trace bytea[], p_event bytea[], p_digest bytea[]
) RETURNS TABLE (moment bigint, known integer[], conflicting integer[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(events_lock_key(p_workspace));
  -- A statement of its own, so that it sees what the writer before it committed.
  RETURN QUERY
  SELECT micros_since_1970(clock_timestamp()), coalesce(array_agg(s.place), '{}'),
    coalesce(array_agg(s.place) FILTER (WHERE found.digest <> s.digest), '{}')
  FROM (
    SELECT u.trace, u.event, u.digest, u.place::integer AS place, t.kept_from, t.kept_to
    FROM unnest(p_trace, p_event, p_digest) WITH ORDINALITY AS u (trace, event, digest, place)
    JOIN traces t ON t.workspace_id = p_workspace AND t.trace_id = u.trace
  ) AS s
  CROSS JOIN LATERAL (
    SELECT e.digest FROM events e
    WHERE e.workspace_id = p_workspace AND e.trace_id = s.trace AND e.event_id = s.event
      AND e.kept_at BETWEEN s.kept_from AND s.kept_to
    LIMIT 1
  ) AS found;
END $$;

REVOKE ALL ON FUNCTION events_open FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_open TO interlock_app;

-- Writes events that `events_open` did not find, in its transaction. Times are in microseconds since 1970, and
-- nanoseconds where a name ends in `_ns`.
CREATE OR REPLACE FUNCTION events_write(
  p_workspace uuid,
  p_kept bigint[], p_trace bytea[], p_event bytea[], p_parent bytea[], p_agent uuid[], p_credential uuid[],
  p_received bigint[], p_started bigint[], p_start_ns bigint[], p_end_ns bigint[], p_source text[], p_dialect text[],
  p_producer text[], p_name text[], p_kind text[], p_usage_role text[], p_in_window boolean[], p_claims_other boolean[],
  p_agent_version text[], p_session text[], p_run text[], p_step integer[], p_claimed_decision text[],
  p_provider text[], p_model text[], p_tokens_input bigint[], p_tokens_output bigint[], p_tokens_cache_read bigint[],
  p_tokens_cache_write bigint[], p_tokens_reasoning bigint[], p_cost_picos bigint[],
  p_computed_picos bigint[], p_cost_status text[],
  p_price_ref text[], p_tool text[], p_call_id text[], p_args_digest bytea[], p_outcome text[], p_error_type text[],
  p_customer text[], p_digest bytea[], p_detail jsonb[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
  INSERT INTO events (
    workspace_id, kept_at, trace_id, event_id, parent_event_id, agent_id, credential_id, received_at, started_at,
    start_ns, end_ns, source, dialect, producer, name, kind, usage_role, in_window, claims_other, agent_version,
    session, run, step, claimed_decision, provider, model, tokens_input, tokens_output, tokens_cache_read,
    tokens_cache_write, tokens_reasoning, cost_picos, computed_picos, cost_status, price_ref, tool, call_id,
    args_digest, outcome, error_type, customer, digest, detail)
  SELECT p_workspace, moment_of(u.kept), u.trace, u.event, u.parent, u.agent, u.credential, moment_of(u.received),
    moment_of(u.started), u.start_ns, u.end_ns, u.source, u.dialect, u.producer, u.name, u.kind, u.usage_role,
    u.in_window, u.claims_other, u.agent_version, u.session, u.run, u.step, u.claimed_decision, u.provider, u.model,
    u.tokens_input, u.tokens_output, u.tokens_cache_read, u.tokens_cache_write, u.tokens_reasoning, u.cost_picos,
    u.computed_picos, u.cost_status, u.price_ref, u.tool, u.call_id, u.args_digest, u.outcome, u.error_type,
    u.customer, u.digest, u.detail
  FROM unnest(p_kept, p_trace, p_event, p_parent, p_agent, p_credential, p_received, p_started, p_start_ns, p_end_ns,
      p_source, p_dialect, p_producer, p_name, p_kind, p_usage_role, p_in_window, p_claims_other, p_agent_version,
      p_session, p_run, p_step, p_claimed_decision, p_provider, p_model, p_tokens_input, p_tokens_output,
      p_tokens_cache_read, p_tokens_cache_write, p_tokens_reasoning, p_cost_picos, p_computed_picos, p_cost_status,
      p_price_ref, p_tool, p_call_id, p_args_digest, p_outcome, p_error_type, p_customer, p_digest, p_detail)
    AS u (kept, trace, event, parent, agent, credential, received, started, start_ns, end_ns, source, dialect,
      producer, name, kind, usage_role, in_window, claims_other, agent_version, session, run, step, claimed_decision,
      provider, model, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning,
      cost_picos, computed_picos, cost_status, price_ref, tool, call_id, args_digest, outcome, error_type, customer,
      digest, detail)
$$;

REVOKE ALL ON FUNCTION events_write FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_write TO interlock_app;

-- Makes the parts of a batch wait to be written, and returns how many were added: none when the batch waits already. A
-- function, because it is one round trip and its workspace is known from the credential.
CREATE OR REPLACE FUNCTION ingest_enqueue(
  p_workspace uuid, p_agent uuid, p_credential uuid, p_inlet text, p_digest bytea, p_received timestamptz, p_id uuid[],
  p_events integer[], p_body text[]
) RETURNS TABLE (added integer)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH written AS (
    INSERT INTO ingest_inbox (id, workspace_id, agent_id, credential_id, inlet, digest, part, events, body, received_at)
    SELECT u.id, p_workspace, p_agent, p_credential, p_inlet, p_digest, u.place - 1, u.events, u.body, p_received
    FROM unnest(p_id, p_events, p_body) WITH ORDINALITY AS u (id, events, body, place)
    ON CONFLICT (workspace_id, digest, part) DO NOTHING
    RETURNING 1
  )
  SELECT count(*)::integer FROM written
$$;

REVOKE ALL ON FUNCTION ingest_enqueue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest_enqueue TO interlock_app;

-- How much waits to be written, in all and of one workspace, counted no further than to the given number, and for how
-- many seconds the oldest batch of the workspace has been waiting that nobody has taken up yet. It is security definer
-- because the whole matters.
CREATE OR REPLACE FUNCTION ingest_load(p_workspace uuid, p_most integer)
RETURNS TABLE (batches integer, workspace_batches integer, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (SELECT count(*)::integer FROM (SELECT FROM ingest_inbox LIMIT p_most) AS a),
    (SELECT count(*)::integer FROM (SELECT FROM ingest_inbox WHERE workspace_id = p_workspace LIMIT p_most) AS w),
    coalesce((SELECT extract(epoch FROM clock_timestamp() - i.received_at)::double precision
      FROM ingest_inbox i WHERE i.workspace_id = p_workspace AND i.attempts = 0 ORDER BY i.due_at LIMIT 1), 0)
$$;

REVOKE ALL ON FUNCTION ingest_load FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest_load TO interlock_app;

-- The workspaces that have batches to be written now. It is security definer because the application's role sees one
-- workspace at a time.
CREATE OR REPLACE FUNCTION ingest_waiting() RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id FROM workspaces w
  WHERE EXISTS (SELECT FROM ingest_inbox i WHERE i.workspace_id = w.id AND i.due_at <= clock_timestamp())
  ORDER BY w.id
$$;

REVOKE ALL ON FUNCTION ingest_waiting FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest_waiting TO interlock_app;

-- The microseconds from the beginning of 1970 to a moment; exact, and what `moment_of` reads back.
CREATE OR REPLACE FUNCTION micros_since_1970(p_at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT (extract(epoch FROM p_at) * 1000000)::bigint
$$;

-- The moment so many microseconds after the beginning of 1970; exact, which `to_timestamp` is not.
CREATE OR REPLACE FUNCTION moment_of(p_micros bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT '1970-01-01 00:00:00+00'::timestamptz + p_micros * interval '1 microsecond'
$$;
