-- What pages of spend add up: figures of events whose time can be believed, kept for each quarter of an hour, hour, day and
-- week of UTC. Every zone's clock differs from UTC by quarters of an hour, so any range is weeks, more or less some days, hours and
-- quarters at its ends. All of it is written in the transaction that writes the events.

-- By what a call was. An empty text stands for "none". Amounts have no limit, because a sum that does not fit would keep
-- events from being written.
CREATE TABLE spend_calls (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  minutes smallint NOT NULL CHECK (minutes IN (15, 60, 1440, 10080)),
  starts timestamptz NOT NULL,
  agent_id uuid NOT NULL,
  agent_version text NOT NULL,
  kind text NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  tool text NOT NULL,
  events bigint NOT NULL,
  errors bigint NOT NULL,
  retries bigint NOT NULL,
  failed_validations bigint NOT NULL,
  human_reviews bigint NOT NULL,
  model_calls bigint NOT NULL,
  tool_calls bigint NOT NULL,
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
  both_priced bigint NOT NULL,
  given_picos numeric NOT NULL,
  computed_picos numeric NOT NULL,
  retry_picos numeric NOT NULL,
  failed_picos numeric NOT NULL,
  error_picos numeric NOT NULL,
  PRIMARY KEY (workspace_id, minutes, starts, agent_id, agent_version, kind, provider, model, tool)
) WITH (fillfactor = 80);

-- By what events claim of themselves: one row a value. The dimension 'all' has every event, and the runs that began;
-- 'out_of_window' has those whose time cannot be believed, which are in no other row.
CREATE TABLE spend_values (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  minutes smallint NOT NULL CHECK (minutes IN (15, 60, 1440, 10080)),
  dimension text NOT NULL,
  starts timestamptz NOT NULL,
  agent_id uuid NOT NULL,
  value text NOT NULL,
  events bigint NOT NULL,
  errors bigint NOT NULL,
  retries bigint NOT NULL,
  failed_validations bigint NOT NULL,
  human_reviews bigint NOT NULL,
  model_calls bigint NOT NULL,
  tool_calls bigint NOT NULL,
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
  both_priced bigint NOT NULL,
  given_picos numeric NOT NULL,
  computed_picos numeric NOT NULL,
  retry_picos numeric NOT NULL,
  failed_picos numeric NOT NULL,
  error_picos numeric NOT NULL,
  runs bigint NOT NULL,
  succeeded bigint NOT NULL,
  PRIMARY KEY (workspace_id, minutes, dimension, starts, agent_id, value)
) WITH (fillfactor = 80);

-- How each trace is counted as a run, so that what arrives later can move it: when it began, and what the last of its
-- root events says. One that begins earlier than was thought, or turns out to have failed, is counted anew.
CREATE TABLE counted_runs (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  trace_id bytea NOT NULL CHECK (length(trace_id) = 16),
  agent_id uuid NOT NULL,
  first_at timestamptz NOT NULL,
  root_ns bigint,
  root_event bytea CHECK (length(root_event) = 8),
  succeeded boolean NOT NULL,
  kept_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, trace_id),
  CHECK ((root_ns IS NULL) = (root_event IS NULL)),
  CHECK (root_ns IS NOT NULL OR NOT succeeded)
);
CREATE INDEX counted_runs_kept ON counted_runs (workspace_id, kept_at);

-- The runs that cost most: of a short range by when they began, of a long one by what they cost.
CREATE INDEX traces_first ON traces (workspace_id, first_at);
CREATE INDEX traces_cost ON traces (workspace_id, cost_picos DESC, trace_id);

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['spend_calls', 'spend_values', 'counted_runs']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
-- Written by functions together with the events, and only read here.
GRANT SELECT ON spend_calls, spend_values, counted_runs TO interlock_app;

-- What is stored already is counted as it would have been when it was written.
CREATE TEMPORARY TABLE counted_events ON COMMIT DROP AS
SELECT e.workspace_id, date_bin('15 minutes', e.started_at, '2000-01-03 00:00+00') AS quarter, e.started_at, e.kept_at,
  e.trace_id, e.event_id, e.parent_event_id, e.start_ns, e.agent_id, coalesce(e.agent_version, '') AS agent_version,
  e.kind, coalesce(e.provider, '') AS provider, coalesce(e.model, e.detail ->> 'modelRequested', '') AS model,
  coalesce(e.tool, '') AS tool, e.in_window, e.outcome, e.received_at,
  e.detail -> 'dimensions' AS dimensions, e.customer,
  1 AS events, (e.error_type IS NOT NULL)::int AS errors, (e.outcome IS NOT DISTINCT FROM 'retry')::int AS retries,
  (e.outcome IS NOT DISTINCT FROM 'failed_validation')::int AS failed_validations,
  (e.outcome IS NOT DISTINCT FROM 'human_review_required')::int AS human_reviews,
  (e.kind = 'llm' AND e.usage_role = 'leaf')::int AS model_calls, (e.kind = 'tool')::int AS tool_calls,
  u.tokens_input, u.tokens_output, u.tokens_cache_read, u.tokens_cache_write, u.tokens_reasoning,
  coalesce(u.picos, 0) AS cost_picos, (u.picos IS NOT NULL)::int AS priced, u.unpriced::int AS unpriced,
  CASE WHEN u.picos IS NOT NULL THEN u.tokens_input + u.tokens_output ELSE 0 END AS priced_tokens,
  CASE WHEN u.unpriced THEN u.tokens_input + u.tokens_output ELSE 0 END AS unpriced_tokens,
  u.both_priced::int AS both_priced, CASE WHEN u.both_priced THEN u.picos ELSE 0 END AS given_picos,
  CASE WHEN u.both_priced THEN e.computed_picos ELSE 0 END AS computed_picos,
  CASE WHEN u.waste = 'retry' THEN u.picos ELSE 0 END AS retry_picos,
  CASE WHEN u.waste = 'failed' THEN u.picos ELSE 0 END AS failed_picos,
  CASE WHEN u.waste = 'error' THEN u.picos ELSE 0 END AS error_picos
FROM events e
CROSS JOIN LATERAL (
  SELECT e.usage_role = 'leaf' AS leaf, CASE WHEN e.usage_role = 'leaf' AND e.cost_status <> 'unpriced' THEN e.cost_picos END AS picos
) AS p
CROSS JOIN LATERAL (
  SELECT p.picos, p.leaf AND e.cost_status = 'unpriced' AS unpriced,
    CASE WHEN p.leaf THEN coalesce(e.tokens_input, 0) ELSE 0 END AS tokens_input,
    CASE WHEN p.leaf THEN coalesce(e.tokens_output, 0) ELSE 0 END AS tokens_output,
    CASE WHEN p.leaf THEN coalesce(e.tokens_cache_read, 0) ELSE 0 END AS tokens_cache_read,
    CASE WHEN p.leaf THEN coalesce(e.tokens_cache_write, 0) ELSE 0 END AS tokens_cache_write,
    CASE WHEN p.leaf THEN coalesce(e.tokens_reasoning, 0) ELSE 0 END AS tokens_reasoning,
    p.picos IS NOT NULL AND e.cost_status = 'given' AND e.computed_picos IS NOT NULL AS both_priced,
    CASE WHEN p.picos IS NULL THEN NULL WHEN e.outcome = 'retry' THEN 'retry'
      WHEN e.outcome = 'failed_validation' THEN 'failed' WHEN e.error_type IS NOT NULL THEN 'error' END AS waste
) AS u;

CREATE TEMPORARY TABLE grains ON COMMIT DROP AS SELECT n::smallint AS minutes FROM unnest(ARRAY[15, 60, 1440, 10080]) AS n;

INSERT INTO spend_calls
SELECT c.workspace_id, g.minutes, date_bin(make_interval(mins => g.minutes), c.quarter, '2000-01-03 00:00+00'),
  c.agent_id, c.agent_version, c.kind, c.provider, c.model, c.tool,
  sum(c.events), sum(c.errors), sum(c.retries), sum(c.failed_validations), sum(c.human_reviews), sum(c.model_calls),
  sum(c.tool_calls), sum(c.tokens_input), sum(c.tokens_output), sum(c.tokens_cache_read), sum(c.tokens_cache_write),
  sum(c.tokens_reasoning), sum(c.cost_picos), sum(c.priced), sum(c.unpriced), sum(c.priced_tokens),
  sum(c.unpriced_tokens), sum(c.both_priced), sum(c.given_picos), sum(c.computed_picos), sum(c.retry_picos),
  sum(c.failed_picos), sum(c.error_picos)
FROM counted_events c CROSS JOIN grains g
WHERE c.in_window
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

-- Hours whose events are no longer kept are known by the hour alone. What their calls wasted was not counted.
CREATE TEMPORARY TABLE forgotten ON COMMIT DROP AS
SELECT h.workspace_id, h.hour, h.agent_id, h.agent_version, h.kind, h.provider, h.model, h.tool,
  h.events - coalesce(s.events, 0) AS events, h.errors - coalesce(s.errors, 0) AS errors,
  h.retries - coalesce(s.retries, 0) AS retries,
  h.failed_validations - coalesce(s.failed_validations, 0) AS failed_validations,
  h.human_reviews - coalesce(s.human_reviews, 0) AS human_reviews,
  CASE WHEN h.kind = 'llm' THEN h.priced + h.unpriced - coalesce(s.priced + s.unpriced, 0) ELSE 0 END AS model_calls,
  CASE WHEN h.kind = 'tool' THEN h.events - coalesce(s.events, 0) ELSE 0 END AS tool_calls,
  h.tokens_input - coalesce(s.tokens_input, 0) AS tokens_input,
  h.tokens_output - coalesce(s.tokens_output, 0) AS tokens_output,
  h.tokens_cache_read - coalesce(s.tokens_cache_read, 0) AS tokens_cache_read,
  h.tokens_cache_write - coalesce(s.tokens_cache_write, 0) AS tokens_cache_write,
  h.tokens_reasoning - coalesce(s.tokens_reasoning, 0) AS tokens_reasoning,
  h.cost_picos - coalesce(s.cost_picos, 0) AS cost_picos, h.priced - coalesce(s.priced, 0) AS priced,
  h.unpriced - coalesce(s.unpriced, 0) AS unpriced, h.priced_tokens - coalesce(s.priced_tokens, 0) AS priced_tokens,
  h.unpriced_tokens - coalesce(s.unpriced_tokens, 0) AS unpriced_tokens
FROM agent_hours h
LEFT JOIN spend_calls s ON s.workspace_id = h.workspace_id AND s.minutes = 60 AND s.starts = h.hour
  AND s.agent_id = h.agent_id AND s.agent_version = h.agent_version AND s.kind = h.kind AND s.provider = h.provider
  AND s.model = h.model AND s.tool = h.tool
WHERE h.in_window AND h.events > coalesce(s.events, 0);

INSERT INTO spend_calls AS s
SELECT f.workspace_id, g.minutes, date_bin(make_interval(mins => g.minutes), f.hour, '2000-01-03 00:00+00'),
  f.agent_id, f.agent_version, f.kind, f.provider, f.model, f.tool,
  sum(f.events), sum(f.errors), sum(f.retries), sum(f.failed_validations), sum(f.human_reviews), sum(f.model_calls),
  sum(f.tool_calls), sum(f.tokens_input), sum(f.tokens_output), sum(f.tokens_cache_read), sum(f.tokens_cache_write),
  sum(f.tokens_reasoning), sum(f.cost_picos), sum(f.priced), sum(f.unpriced), sum(f.priced_tokens),
  sum(f.unpriced_tokens), 0, 0, 0, 0, 0, 0
FROM forgotten f CROSS JOIN grains g
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
ON CONFLICT (workspace_id, minutes, starts, agent_id, agent_version, kind, provider, model, tool) DO UPDATE SET
  events = s.events + excluded.events, errors = s.errors + excluded.errors, retries = s.retries + excluded.retries,
  failed_validations = s.failed_validations + excluded.failed_validations,
  human_reviews = s.human_reviews + excluded.human_reviews, model_calls = s.model_calls + excluded.model_calls,
  tool_calls = s.tool_calls + excluded.tool_calls, tokens_input = s.tokens_input + excluded.tokens_input,
  tokens_output = s.tokens_output + excluded.tokens_output,
  tokens_cache_read = s.tokens_cache_read + excluded.tokens_cache_read,
  tokens_cache_write = s.tokens_cache_write + excluded.tokens_cache_write,
  tokens_reasoning = s.tokens_reasoning + excluded.tokens_reasoning, cost_picos = s.cost_picos + excluded.cost_picos,
  priced = s.priced + excluded.priced, unpriced = s.unpriced + excluded.unpriced,
  priced_tokens = s.priced_tokens + excluded.priced_tokens,
  unpriced_tokens = s.unpriced_tokens + excluded.unpriced_tokens;

INSERT INTO spend_values
SELECT v.workspace_id, g.minutes, v.dimension, date_bin(make_interval(mins => g.minutes), v.quarter, '2000-01-03 00:00+00'),
  v.agent_id, v.value,
  sum(v.events), sum(v.errors), sum(v.retries), sum(v.failed_validations), sum(v.human_reviews), sum(v.model_calls),
  sum(v.tool_calls), sum(v.tokens_input), sum(v.tokens_output), sum(v.tokens_cache_read), sum(v.tokens_cache_write),
  sum(v.tokens_reasoning), sum(v.cost_picos), sum(v.priced), sum(v.unpriced), sum(v.priced_tokens),
  sum(v.unpriced_tokens), sum(v.both_priced), sum(v.given_picos), sum(v.computed_picos), sum(v.retry_picos),
  sum(v.failed_picos), sum(v.error_picos),
  0, 0
FROM (
  SELECT d.dimension, d.value, c.* FROM counted_events c
  CROSS JOIN LATERAL (
    SELECT CASE WHEN c.in_window THEN 'all' ELSE 'out_of_window' END AS dimension, '' AS value
    UNION
    SELECT n.dimension, left(n.value, 200) FROM (
      VALUES ('environment', c.dimensions ->> 'environment'), ('customer', c.customer), ('skill', c.dimensions ->> 'skill'),
        ('subagent', c.dimensions ->> 'subagent'), ('mcp_server', c.dimensions ->> 'mcpServer')) AS n (dimension, value)
    WHERE c.in_window AND n.value <> ''
    UNION
    SELECT 'tag', left(t.value, 200)
    FROM jsonb_array_elements_text(coalesce(c.dimensions -> 'tags', '[]')) AS t (value) WHERE c.in_window AND t.value <> ''
  ) AS d
) AS v CROSS JOIN grains g
GROUP BY 1, 2, 3, 4, 5, 6;

INSERT INTO spend_values AS s
SELECT f.workspace_id, g.minutes, 'all', date_bin(make_interval(mins => g.minutes), f.hour, '2000-01-03 00:00+00'),
  f.agent_id, '',
  sum(f.events), sum(f.errors), sum(f.retries), sum(f.failed_validations), sum(f.human_reviews), sum(f.model_calls),
  sum(f.tool_calls), sum(f.tokens_input), sum(f.tokens_output), sum(f.tokens_cache_read), sum(f.tokens_cache_write),
  sum(f.tokens_reasoning), sum(f.cost_picos), sum(f.priced), sum(f.unpriced), sum(f.priced_tokens),
  sum(f.unpriced_tokens), 0, 0, 0, 0, 0, 0,
  0, 0
FROM forgotten f CROSS JOIN grains g
GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT (workspace_id, minutes, dimension, starts, agent_id, value) DO UPDATE SET
  events = s.events + excluded.events, errors = s.errors + excluded.errors, retries = s.retries + excluded.retries,
  failed_validations = s.failed_validations + excluded.failed_validations,
  human_reviews = s.human_reviews + excluded.human_reviews, model_calls = s.model_calls + excluded.model_calls,
  tool_calls = s.tool_calls + excluded.tool_calls, tokens_input = s.tokens_input + excluded.tokens_input,
  tokens_output = s.tokens_output + excluded.tokens_output,
  tokens_cache_read = s.tokens_cache_read + excluded.tokens_cache_read,
  tokens_cache_write = s.tokens_cache_write + excluded.tokens_cache_write,
  tokens_reasoning = s.tokens_reasoning + excluded.tokens_reasoning, cost_picos = s.cost_picos + excluded.cost_picos,
  priced = s.priced + excluded.priced, unpriced = s.unpriced + excluded.unpriced,
  priced_tokens = s.priced_tokens + excluded.priced_tokens,
  unpriced_tokens = s.unpriced_tokens + excluded.unpriced_tokens;

INSERT INTO counted_runs
SELECT c.workspace_id, c.trace_id, (array_agg(c.agent_id ORDER BY c.received_at, c.started_at))[1], min(c.started_at),
  (array_agg(c.start_ns ORDER BY c.start_ns DESC, c.event_id DESC) FILTER (WHERE c.parent_event_id IS NULL))[1],
  (array_agg(c.event_id ORDER BY c.start_ns DESC, c.event_id DESC) FILTER (WHERE c.parent_event_id IS NULL))[1],
  coalesce((array_agg(c.outcome IS NOT DISTINCT FROM 'success' ORDER BY c.start_ns DESC, c.event_id DESC)
    FILTER (WHERE c.parent_event_id IS NULL))[1], false),
  max(c.kept_at)
FROM counted_events c WHERE c.in_window GROUP BY c.workspace_id, c.trace_id;

INSERT INTO spend_values AS s
SELECT r.workspace_id, g.minutes, 'all', date_bin(make_interval(mins => g.minutes), r.first_at, '2000-01-03 00:00+00'),
  r.agent_id, '',
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  count(*), count(*) FILTER (WHERE r.succeeded)
FROM counted_runs r CROSS JOIN grains g
GROUP BY 1, 2, 3, 4, 5, 6
ON CONFLICT (workspace_id, minutes, dimension, starts, agent_id, value) DO UPDATE SET
  runs = excluded.runs, succeeded = excluded.succeeded;

-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;

-- Deletes at most so many of a workspace's events that were kept and arrived before a moment, and what hangs on traces
-- all of whose events are older. Returns how many events went. What was counted in
-- `agent_hours`, `spend_calls` and `spend_values` stays.
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
    DELETE FROM counted_runs WHERE workspace_id = p_workspace AND kept_at < p_before - interval '1 day';
    DELETE FROM event_facts WHERE workspace_id = p_workspace AND created_at < p_before;
  END IF;
  RETURN v_events;
END $$;

REVOKE ALL ON FUNCTION delete_events_before FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delete_events_before TO interlock_app;

-- Adds amounts to the quarters of an hour they belong to, and to their hours, days and weeks. Amounts can be negative:
-- what a new price changes is added like everything else.
CREATE OR REPLACE FUNCTION spend_count_calls(
  p_workspace uuid, p_starts bigint[], p_agent_id uuid[], p_agent_version text[], p_kind text[], p_provider text[],
  p_model text[], p_tool text[], p_events bigint[], p_errors bigint[], p_retries bigint[],
  p_failed_validations bigint[], p_human_reviews bigint[], p_model_calls bigint[], p_tool_calls bigint[],
  p_tokens_input text[], p_tokens_output text[], p_tokens_cache_read text[], p_tokens_cache_write text[],
  p_tokens_reasoning text[], p_cost_picos text[], p_priced bigint[], p_unpriced bigint[], p_priced_tokens text[],
  p_unpriced_tokens text[], p_both_priced bigint[], p_given_picos text[], p_computed_picos text[],
  p_retry_picos text[], p_failed_picos text[], p_error_picos text[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO spend_calls AS s (
    workspace_id, minutes, starts, agent_id, agent_version, kind, provider, model, tool, events, errors, retries,
    failed_validations, human_reviews, model_calls, tool_calls, tokens_input, tokens_output, tokens_cache_read,
    tokens_cache_write, tokens_reasoning, cost_picos, priced, unpriced, priced_tokens, unpriced_tokens, both_priced,
    given_picos, computed_picos, retry_picos, failed_picos, error_picos)
  SELECT
    p_workspace, g.minutes, g.starts, u.agent_id, u.agent_version, u.kind, u.provider, u.model, u.tool,
    sum(u.events)::bigint, sum(u.errors)::bigint, sum(u.retries)::bigint, sum(u.failed_validations)::bigint,
    sum(u.human_reviews)::bigint, sum(u.model_calls)::bigint, sum(u.tool_calls)::bigint,
    sum(u.tokens_input::numeric), sum(u.tokens_output::numeric), sum(u.tokens_cache_read::numeric),
    sum(u.tokens_cache_write::numeric), sum(u.tokens_reasoning::numeric), sum(u.cost_picos::numeric),
    sum(u.priced)::bigint, sum(u.unpriced)::bigint, sum(u.priced_tokens::numeric), sum(u.unpriced_tokens::numeric),
    sum(u.both_priced)::bigint, sum(u.given_picos::numeric), sum(u.computed_picos::numeric),
    sum(u.retry_picos::numeric), sum(u.failed_picos::numeric), sum(u.error_picos::numeric)
  FROM unnest(
      p_starts, p_agent_id, p_agent_version, p_kind, p_provider, p_model, p_tool, p_events, p_errors, p_retries,
      p_failed_validations, p_human_reviews, p_model_calls, p_tool_calls, p_tokens_input, p_tokens_output,
      p_tokens_cache_read, p_tokens_cache_write, p_tokens_reasoning, p_cost_picos, p_priced, p_unpriced,
      p_priced_tokens, p_unpriced_tokens, p_both_priced, p_given_picos, p_computed_picos, p_retry_picos,
      p_failed_picos, p_error_picos)
    AS u (
      starts, agent_id, agent_version, kind, provider, model, tool, events, errors, retries, failed_validations,
      human_reviews, model_calls, tool_calls, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write,
      tokens_reasoning, cost_picos, priced, unpriced, priced_tokens, unpriced_tokens, both_priced, given_picos,
      computed_picos, retry_picos, failed_picos, error_picos),
    LATERAL (
      SELECT n.minutes, date_bin(make_interval(mins => n.minutes), moment_of(u.starts), '2000-01-03 00:00+00')
      FROM (VALUES (15), (60), (1440), (10080)) AS n (minutes)) AS g (minutes, starts)
  GROUP BY g.minutes, g.starts, u.agent_id, u.agent_version, u.kind, u.provider, u.model, u.tool
  ON CONFLICT (workspace_id, minutes, starts, agent_id, agent_version, kind, provider, model, tool) DO UPDATE SET
    events = s.events + excluded.events,
    errors = s.errors + excluded.errors,
    retries = s.retries + excluded.retries,
    failed_validations = s.failed_validations + excluded.failed_validations,
    human_reviews = s.human_reviews + excluded.human_reviews,
    model_calls = s.model_calls + excluded.model_calls,
    tool_calls = s.tool_calls + excluded.tool_calls,
    tokens_input = s.tokens_input + excluded.tokens_input,
    tokens_output = s.tokens_output + excluded.tokens_output,
    tokens_cache_read = s.tokens_cache_read + excluded.tokens_cache_read,
    tokens_cache_write = s.tokens_cache_write + excluded.tokens_cache_write,
    tokens_reasoning = s.tokens_reasoning + excluded.tokens_reasoning,
    cost_picos = s.cost_picos + excluded.cost_picos,
    priced = s.priced + excluded.priced,
    unpriced = s.unpriced + excluded.unpriced,
    priced_tokens = s.priced_tokens + excluded.priced_tokens,
    unpriced_tokens = s.unpriced_tokens + excluded.unpriced_tokens,
    both_priced = s.both_priced + excluded.both_priced,
    given_picos = s.given_picos + excluded.given_picos,
    computed_picos = s.computed_picos + excluded.computed_picos,
    retry_picos = s.retry_picos + excluded.retry_picos,
    failed_picos = s.failed_picos + excluded.failed_picos,
    error_picos = s.error_picos + excluded.error_picos
$$;

REVOKE ALL ON FUNCTION spend_count_calls FROM PUBLIC;
GRANT EXECUTE ON FUNCTION spend_count_calls TO interlock_app;

-- Adds amounts to values in the quarters of an hour they belong to, and in their hours, days and weeks.
CREATE OR REPLACE FUNCTION spend_count_values(
  p_workspace uuid, p_dimension text[], p_starts bigint[], p_agent_id uuid[], p_value text[], p_events bigint[],
  p_errors bigint[], p_retries bigint[], p_failed_validations bigint[], p_human_reviews bigint[],
  p_model_calls bigint[], p_tool_calls bigint[], p_tokens_input text[], p_tokens_output text[],
  p_tokens_cache_read text[], p_tokens_cache_write text[], p_tokens_reasoning text[], p_cost_picos text[],
  p_priced bigint[], p_unpriced bigint[], p_priced_tokens text[], p_unpriced_tokens text[], p_both_priced bigint[],
  p_given_picos text[], p_computed_picos text[], p_retry_picos text[], p_failed_picos text[], p_error_picos text[],
  p_runs bigint[], p_succeeded bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO spend_values AS s (
    workspace_id, minutes, dimension, starts, agent_id, value, events, errors, retries, failed_validations,
    human_reviews, model_calls, tool_calls, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write,
    tokens_reasoning, cost_picos, priced, unpriced, priced_tokens, unpriced_tokens, both_priced, given_picos,
    computed_picos, retry_picos, failed_picos, error_picos, runs, succeeded)
  SELECT
    p_workspace, g.minutes, u.dimension, g.starts, u.agent_id, u.value, sum(u.events)::bigint, sum(u.errors)::bigint,
    sum(u.retries)::bigint, sum(u.failed_validations)::bigint, sum(u.human_reviews)::bigint,
    sum(u.model_calls)::bigint, sum(u.tool_calls)::bigint, sum(u.tokens_input::numeric),
    sum(u.tokens_output::numeric), sum(u.tokens_cache_read::numeric), sum(u.tokens_cache_write::numeric),
    sum(u.tokens_reasoning::numeric), sum(u.cost_picos::numeric), sum(u.priced)::bigint, sum(u.unpriced)::bigint,
    sum(u.priced_tokens::numeric), sum(u.unpriced_tokens::numeric), sum(u.both_priced)::bigint,
    sum(u.given_picos::numeric), sum(u.computed_picos::numeric), sum(u.retry_picos::numeric),
    sum(u.failed_picos::numeric), sum(u.error_picos::numeric), sum(u.runs)::bigint, sum(u.succeeded)::bigint
  FROM unnest(
      p_dimension, p_starts, p_agent_id, p_value, p_events, p_errors, p_retries, p_failed_validations,
      p_human_reviews, p_model_calls, p_tool_calls, p_tokens_input, p_tokens_output, p_tokens_cache_read,
      p_tokens_cache_write, p_tokens_reasoning, p_cost_picos, p_priced, p_unpriced, p_priced_tokens,
      p_unpriced_tokens, p_both_priced, p_given_picos, p_computed_picos, p_retry_picos, p_failed_picos,
      p_error_picos, p_runs, p_succeeded)
    AS u (
      dimension, starts, agent_id, value, events, errors, retries, failed_validations, human_reviews, model_calls,
      tool_calls, tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, cost_picos,
      priced, unpriced, priced_tokens, unpriced_tokens, both_priced, given_picos, computed_picos, retry_picos,
      failed_picos, error_picos, runs, succeeded),
    LATERAL (
      SELECT n.minutes, date_bin(make_interval(mins => n.minutes), moment_of(u.starts), '2000-01-03 00:00+00')
      FROM (VALUES (15), (60), (1440), (10080)) AS n (minutes)) AS g (minutes, starts)
  GROUP BY g.minutes, u.dimension, g.starts, u.agent_id, u.value
  ON CONFLICT (workspace_id, minutes, dimension, starts, agent_id, value) DO UPDATE SET
    events = s.events + excluded.events,
    errors = s.errors + excluded.errors,
    retries = s.retries + excluded.retries,
    failed_validations = s.failed_validations + excluded.failed_validations,
    human_reviews = s.human_reviews + excluded.human_reviews,
    model_calls = s.model_calls + excluded.model_calls,
    tool_calls = s.tool_calls + excluded.tool_calls,
    tokens_input = s.tokens_input + excluded.tokens_input,
    tokens_output = s.tokens_output + excluded.tokens_output,
    tokens_cache_read = s.tokens_cache_read + excluded.tokens_cache_read,
    tokens_cache_write = s.tokens_cache_write + excluded.tokens_cache_write,
    tokens_reasoning = s.tokens_reasoning + excluded.tokens_reasoning,
    cost_picos = s.cost_picos + excluded.cost_picos,
    priced = s.priced + excluded.priced,
    unpriced = s.unpriced + excluded.unpriced,
    priced_tokens = s.priced_tokens + excluded.priced_tokens,
    unpriced_tokens = s.unpriced_tokens + excluded.unpriced_tokens,
    both_priced = s.both_priced + excluded.both_priced,
    given_picos = s.given_picos + excluded.given_picos,
    computed_picos = s.computed_picos + excluded.computed_picos,
    retry_picos = s.retry_picos + excluded.retry_picos,
    failed_picos = s.failed_picos + excluded.failed_picos,
    error_picos = s.error_picos + excluded.error_picos,
    runs = s.runs + excluded.runs,
    succeeded = s.succeeded + excluded.succeeded
$$;

REVOKE ALL ON FUNCTION spend_count_values FROM PUBLIC;
GRANT EXECUTE ON FUNCTION spend_count_values TO interlock_app;

-- Keeps how traces are counted as runs.
CREATE OR REPLACE FUNCTION spend_keep_runs(
  p_workspace uuid, p_trace bytea[], p_agent uuid[], p_first bigint[], p_root_ns bigint[], p_root_event bytea[],
  p_succeeded boolean[], p_kept bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO counted_runs AS r (
    workspace_id, trace_id, agent_id, first_at, root_ns, root_event, succeeded, kept_at)
  SELECT p_workspace, u.trace, u.agent, moment_of(u.first), u.root_ns, u.root_event, u.succeeded, moment_of(u.kept)
  FROM unnest(p_trace, p_agent, p_first, p_root_ns, p_root_event, p_succeeded, p_kept)
    AS u (trace, agent, first, root_ns, root_event, succeeded, kept)
  ON CONFLICT (workspace_id, trace_id) DO UPDATE SET
    first_at = excluded.first_at,
    root_ns = excluded.root_ns,
    root_event = excluded.root_event,
    succeeded = excluded.succeeded,
    kept_at = excluded.kept_at
$$;

REVOKE ALL ON FUNCTION spend_keep_runs FROM PUBLIC;
GRANT EXECUTE ON FUNCTION spend_keep_runs TO interlock_app;

-- Moves what traces cost by what new prices of their events change.
CREATE OR REPLACE FUNCTION trace_costs_move(
  p_workspace uuid, p_trace bytea[], p_picos text[], p_unpriced bigint[]
) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE traces t SET cost_picos = t.cost_picos + m.picos, unpriced = t.unpriced + m.unpriced
  FROM (
    SELECT u.trace, sum(u.picos::numeric) AS picos, sum(u.unpriced)::bigint AS unpriced
    FROM unnest(p_trace, p_picos, p_unpriced) AS u (trace, picos, unpriced) GROUP BY u.trace) AS m
  WHERE t.workspace_id = p_workspace AND t.trace_id = m.trace
$$;

REVOKE ALL ON FUNCTION trace_costs_move FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trace_costs_move TO interlock_app;
