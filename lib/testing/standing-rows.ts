import { v7 as uuidv7 } from "uuid";

import { AgentId, CredentialId, WorkspaceId } from "@/lib/core/shared/brand";
import type { Wanted } from "@/lib/data/batch-questions";

import type { Owner } from "./owner";

/** A workspace in which something stands of every kind that a batch reads, straight in the tables. */
export type StandingRows = Awaited<ReturnType<typeof givenStandingRows>>;

const NAMES = [
  "workspace",
  "dri",
  "reviewer",
  "standIn",
  "agent",
  "credential",
  "session",
  "run",
  "stop",
  "allowed",
  "asking",
  "waiting",
  "approved",
  "moved",
  "denied",
] as const;

/** Fills a database as its owner. The agent has one run with two decisions, and requests in every state that matters. */
export async function givenStandingRows(owner: Owner) {
  const ids = Object.fromEntries(NAMES.map((name) => [name, uuidv7()])) as Record<(typeof NAMES)[number], string>; // fromEntries forgets its keys
  const { workspace, dri, reviewer, standIn, agent, credential, session, run, stop } = ids;
  const insert = (table: string, rows: readonly object[]) =>
    owner.query(
      `INSERT INTO ${table} (${Object.keys(rows[0] ?? {}).join(", ")})
      SELECT ${Object.keys(rows[0] ?? {}).join(", ")} FROM jsonb_populate_recordset(NULL::${table}, $1)`,
      [JSON.stringify(rows)],
    );
  const now = new Date();
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1_000).toISOString();
  const own = { workspace_id: workspace };
  const asked = { ...own, agent_id: agent };

  await insert("workspaces", [
    { id: workspace, slug: `rows-${workspace}`, name: "Rows", settings: {}, demo: false, created_at: at(0) },
  ]);
  await insert("workspace_controls", [{ ...own, epoch: 1, stopped: false, stage: "running", stage_since: at(0) }]);
  await insert(
    "members",
    Object.entries({ dri, reviewer, standIn }).map(([name, id]) => ({
      ...own,
      id,
      email: `${name.toLowerCase()}-${id}@example.com`,
      name,
      roles: ["reviewer"],
      demo: false,
      created_at: at(0),
    })),
  );
  await insert("agents", [
    {
      ...own,
      id: agent,
      handle: `agent-${agent}`,
      task: "Test.",
      dri_id: dri,
      owners: {},
      environment: "production",
      status: "active",
      level: 3,
      epoch: 1,
      demo: false,
      created_at: at(-900),
      level_changed_at: at(-900),
    },
  ]);
  await owner.query(
    `INSERT INTO credentials (id, workspace_id, agent_id, hash, hint, scopes, expires_at)
     VALUES ($1, $2, $3, uuid_send($1), 'hint', '{decide}', clock_timestamp() + interval '1 day')`,
    [credential, workspace, agent],
  );
  await insert("sessions", [{ ...asked, id: session, external_id: "s", created_at: at(-900) }]);
  await insert("runs", [
    {
      ...asked,
      id: run,
      session_id: session,
      external_id: "r",
      state: "running",
      steps: 2,
      allowed: 1,
      asked: 1,
      refused: 0,
      cost_micros: 40,
      started_at: at(-900),
      last_at: at(-10),
      extra_steps: 1,
      extra_seconds: 2,
      extra_cost_micros: 3,
      last_action: "action-1",
      same_calls: 1,
      last_result: "error ",
      failures: 1,
      reach: { environments: ["production"], hosts: [], domains: ["a.example"], scopes: [] },
    },
  ]);
  await insert(
    "decisions",
    (["allowed", "asking"] as const).map((name, index) => ({
      ...asked,
      id: ids[name],
      credential_id: credential,
      session_id: session,
      run_id: run,
      call_id: "",
      step: index + 1,
      tool: "tool_a",
      tool_hash: "h",
      action_digest: "action-1",
      call: {},
      salt: "\\x00",
      verdict: name === "allowed" ? "allow" : "require_approval",
      reasons: [],
      checks: [],
      risk: {},
      facts: {},
      remaining: {},
      reserved_micros: 40,
      created_at: at(-20),
    })),
  );
  await insert(
    "approvals",
    (["waiting", "approved", "moved", "denied"] as const).map((name) => ({
      ...asked,
      id: ids[name],
      session_id: session,
      run_id: run,
      decision_id: ids.asking,
      tool: "tool_a",
      action_digest: name === "waiting" ? "action-1" : "action-2",
      manifest_version: 1,
      state: name === "moved" ? "approved" : name,
      display: {},
      display_digest: "d",
      score: 30,
      band: "elevated",
      quorum: 1,
      approver_role: "reviewer",
      separation_of_duties: true,
      dri_at_request: dri,
      note: name === "denied" ? "Wrong customer." : null,
      created_at: at(-300),
      expires_at: at(3_600),
      settled_at: name === "waiting" ? null : at(-200),
      action_ref: "ref",
      args_digest: "args-1",
      shown_digest: "shown-1",
      base_digest: "base-1",
      base_moved_at: name === "moved" ? at(-100) : null,
      executor: "agent",
    })),
  );
  await insert("votes", [
    {
      ...own,
      id: uuidv7(),
      approval_id: ids.approved,
      member_id: reviewer,
      verdict: "approve",
      note: "",
      display_digest: "d",
      created_at: at(-200),
    },
  ]);
  await insert("delegations", [
    {
      ...own,
      id: uuidv7(),
      from_member: standIn,
      to_member: reviewer,
      starts_at: at(-900),
      ends_at: at(900),
      created_at: at(-900),
    },
  ]);
  await insert(
    "grants",
    [ids.approved, ids.moved].map((approval) => ({
      ...own,
      id: uuidv7(),
      approval_id: approval,
      action_digest: "action-2",
      expires_at: at(3_600),
      created_at: at(-200),
      usable_at: at(-190),
      announced: true,
      executor: "agent",
    })),
  );
  await insert("executions", [
    {
      ...own,
      decision_id: ids.allowed,
      action_digest: "action-1",
      reserved_micros: 40,
      reserved_tokens: 7,
      state: "granted",
      created_at: at(-20),
      day: now.toISOString().slice(0, 10),
    },
  ]);
  const budget = { ...own, limit_amount: 1_000_000, used: 5, reserved: 40, overrun: 0 };
  const day = { ...budget, scope: "agent", scope_id: agent, period: now.toISOString().slice(0, 10) };
  await insert("budgets", [
    { ...budget, scope: "run", scope_id: run, period: "", metric: "cost_micros" },
    { ...day, metric: "cost_micros" },
    { ...day, metric: "tokens" },
  ]);
  await insert("tallies", [
    { ...own, scope_id: run, key: "action-1", bucket: 0, n: 2, updated_at: at(-20) },
    { ...own, scope_id: session, key: "tally-1", bucket: 0, n: 5, updated_at: at(-20) },
  ]);
  await insert("breakers", [{ ...asked, tool: "tool_a", failures: 2, failed_at: at(-90), trial_at: at(-30) }]);
  const failing = { ...own, agents: [agent], since: at(-120), failed_at: at(-90) };
  await insert("dependency_breakers", [
    { ...failing, dependency: "down.example", failures: 10, trial_at: at(-30) },
    { ...failing, dependency: "shaky.example", failures: 2, trial_at: null },
  ]);
  await insert("floods", [{ ...asked, since: at(-60), refused: 2, paused_until: at(900) }]);
  const halt = { ...own, scope: "run", target_id: run, reason: "test", requested_at: at(-500), confirmed_at: at(-500) };
  await insert("stops", [{ ...halt, id: stop, resumed_by: reviewer, resumed_at: at(-400) }]);
  await insert("incidents", [
    {
      ...asked,
      id: uuidv7(),
      class: "runaway_execution",
      rule: "execution.loop",
      title: "t",
      state: "open",
      opened_at: at(-500),
    },
  ]);

  const agentId = AgentId.parse(agent);
  /** A call of this agent that wants everything, but for what is given. */
  const wanted = (changes: Partial<Wanted> = {}): Wanted => ({
    decisionId: uuidv7(),
    agentId,
    agentEpoch: 1n,
    credentialId: CredentialId.parse(credential),
    session: "s",
    run: "r",
    tool: "tool_a",
    dependency: "down.example",
    action: "action-1",
    key: { name: uuidv7(), fingerprint: "f" },
    maxSeconds: 60,
    tallies: [
      { digest: "tally-1", scope: "session", spanSeconds: null },
      { digest: "tally-2", scope: "agent", spanSeconds: 3_600 },
      { digest: "tally-3", scope: "run", spanSeconds: null },
    ],
    daily: { costMicros: 1_000_000, tokens: 1_000_000 },
    approvalId: null,
    asks: { argsDigest: "args-1" },
    ...changes,
  });
  return { ...ids, workspaceId: WorkspaceId.parse(workspace), agentId, wanted };
}
