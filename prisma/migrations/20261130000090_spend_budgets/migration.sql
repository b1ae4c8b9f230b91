-- Budgets that watch what telemetry reports. They tell people and stop no call: what stops calls are the bounds of manifests.

-- A row is never changed: what replaces or removes it says so in `removed_at`, once.
CREATE TABLE spend_budgets (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  content jsonb NOT NULL,
  created_by uuid NOT NULL REFERENCES members (id),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  removed_by uuid REFERENCES members (id),
  removed_at timestamptz,
  CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
CREATE INDEX spend_budgets_workspace ON spend_budgets (workspace_id, id);

-- What people were told of a budget's period, once for each state.
CREATE TABLE spend_budget_notices (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  budget_id uuid NOT NULL REFERENCES spend_budgets (id),
  period_from timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('warned', 'over')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, budget_id, period_from, state)
);

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['spend_budgets', 'spend_budget_notices']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON spend_budgets, spend_budget_notices TO interlock_app;
GRANT UPDATE (removed_by, removed_at) ON spend_budgets TO interlock_app;

-- Written by `npm run db:functions` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;

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
    -- A trace that was taken for over because it was quiet, and is heard of again, is not over. Of several roots the
    -- last one to end counts, in whatever order they arrive. Another agent's says nothing.
    ended_at = CASE WHEN t.agent_id <> excluded.agent_id THEN t.ended_at
      WHEN t.ended_reason = 'root_ended' THEN greatest(t.ended_at, excluded.ended_at) ELSE excluded.ended_at END,
    ended_reason = CASE WHEN t.agent_id <> excluded.agent_id OR t.ended_reason = 'root_ended' THEN t.ended_reason
      ELSE excluded.ended_reason END
$$;

REVOKE ALL ON FUNCTION events_count_traces FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events_count_traces TO interlock_app;
