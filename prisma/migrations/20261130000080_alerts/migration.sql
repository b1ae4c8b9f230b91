-- Signals and alerts: what is counted by the hour for them, the rules a workspace changes, and what fired.

-- Decisions by the hour they were made in, counted once each by the job `decisions.roll_up`.
CREATE TABLE decision_hours (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  hour timestamptz NOT NULL,
  agent_id uuid NOT NULL REFERENCES agents (id),
  tool text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('allow','require_approval','recommend','deny','halt')),
  decisions bigint NOT NULL CHECK (decisions > 0),
  PRIMARY KEY (workspace_id, hour, agent_id, tool, verdict)
);
CREATE INDEX decision_hours_agent ON decision_hours (workspace_id, agent_id, hour);

-- What was decided before the table existed and is counted as use already.
INSERT INTO decision_hours (workspace_id, hour, agent_id, tool, verdict, decisions)
SELECT d.workspace_id, date_trunc('hour', d.created_at, 'UTC'), d.agent_id, d.tool, d.verdict, count(*)
FROM decisions d JOIN usage_marks m ON m.workspace_id = d.workspace_id AND d.id <= m.decision_id
GROUP BY 1, 2, 3, 4, 5;

-- What no other rollup counts by the hour: runs that began, tool calls that met no decision, and how long answers of
-- people took, in seconds by the buckets of `lib/core/shared/log-histogram.ts`. Written again while its hour may change.
CREATE TABLE signal_hours (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  hour timestamptz NOT NULL,
  agent_id uuid NOT NULL REFERENCES agents (id),
  runs bigint NOT NULL,
  ungoverned bigint NOT NULL,
  waits bigint[] NOT NULL,
  PRIMARY KEY (workspace_id, hour, agent_id)
);
CREATE INDEX approvals_settled ON approvals (workspace_id, settled_at) WHERE settled_at IS NOT NULL;

-- How much of an agent's daily cap was gone, noted every few minutes and kept for two days.
CREATE TABLE budget_marks (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  at timestamptz NOT NULL,
  period text NOT NULL,
  spent_micros bigint NOT NULL,
  PRIMARY KEY (workspace_id, agent_id, at)
);

-- What a workspace changes of the built-in rules, for every agent or for one. Null leaves the rule's own.
CREATE TABLE alert_rules (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  rule text NOT NULL,
  agent_id uuid REFERENCES agents (id),
  is_on boolean,
  factor double precision CHECK (factor >= 1),
  for_minutes integer CHECK (for_minutes >= 0),
  changed_by uuid NOT NULL REFERENCES members (id),
  changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX alert_rules_one_for_all ON alert_rules (workspace_id, rule) WHERE agent_id IS NULL;
CREATE UNIQUE INDEX alert_rules_one_an_agent ON alert_rules (workspace_id, rule, agent_id) WHERE agent_id IS NOT NULL;

-- One row an occurrence. `watch` is what the next evaluation goes on from; `why` is what it fired on, complete enough to
-- be judged again.
CREATE TABLE alerts (
  id uuid PRIMARY KEY,
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  agent_id uuid NOT NULL REFERENCES agents (id),
  rule text NOT NULL,
  signal text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending','firing','acknowledged','silenced','no_data','resolved')),
  group_id uuid NOT NULL,
  tool text,
  watch jsonb NOT NULL,
  why jsonb NOT NULL,
  latest jsonb,
  began_at timestamptz NOT NULL,
  fired_at timestamptz,
  acknowledged_by uuid REFERENCES members (id),
  acknowledged_at timestamptz,
  silenced_until timestamptz,
  resolved_by uuid REFERENCES members (id),
  resolved_at timestamptz,
  resolution text CHECK (resolution IN ('recovered','dismissed','no_data','rule_off','agent_stopped','lapsed')),
  note text,
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
  CHECK ((resolution IS NULL) = (resolved_at IS NULL))
);
-- A rule has at most one open alert of an agent, whatever two workers do.
CREATE UNIQUE INDEX alerts_one_open ON alerts (agent_id, rule) WHERE state <> 'resolved';
CREATE INDEX alerts_open ON alerts (workspace_id, id) WHERE state <> 'resolved';
CREATE INDEX alerts_workspace ON alerts (workspace_id, id DESC);
CREATE INDEX alerts_fired ON alerts (workspace_id, fired_at) WHERE fired_at IS NOT NULL;

-- Until when a workspace's rules were evaluated.
CREATE TABLE alert_marks (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces (id),
  evaluated_at timestamptz NOT NULL
);

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['decision_hours', 'signal_hours', 'budget_marks', 'alert_rules', 'alerts', 'alert_marks']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY workspace ON %I TO interlock_app '
      'USING (workspace_id = current_workspace()) WITH CHECK (workspace_id = current_workspace())', v_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON decision_hours, signal_hours, budget_marks, alert_rules, alerts, alert_marks TO interlock_app;
GRANT UPDATE (decisions) ON decision_hours TO interlock_app;
GRANT UPDATE (runs, ungoverned, waits) ON signal_hours TO interlock_app;
GRANT DELETE ON budget_marks TO interlock_app;
GRANT UPDATE (is_on, factor, for_minutes, changed_by, changed_at) ON alert_rules TO interlock_app;
GRANT UPDATE (state, group_id, tool, watch, why, latest, fired_at, acknowledged_by, acknowledged_at, silenced_until,
  resolved_by, resolved_at, resolution, note) ON alerts TO interlock_app;
GRANT UPDATE (evaluated_at) ON alert_marks TO interlock_app;
