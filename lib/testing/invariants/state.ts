import { z } from "zod";

import { ToolHints } from "@/lib/core/tools/schema";

import type { Owner } from "../owner";

// Times as whole microseconds, transaction numbers and amounts as numbers: exact, and they compare as they read.
const Count = z.coerce.number().int();
const Id = z.string();
const Nullable = Id.nullable();
const Body = z.record(z.string(), z.unknown());

const Agent = z.object({ id: Id, handle: z.string(), dri_id: Id, status: z.string(), level: z.int() });
const Session = z.object({ id: Id, agent_id: Id, external_id: z.string() });
const Run = z.object({
  id: Id,
  agent_id: Id,
  state: z.string(),
  steps: z.int(),
  allowed: z.int(),
  asked: z.int(),
  refused: z.int(),
  cost_micros: Count,
  extra_steps: Count,
  extra_cost_micros: Count,
});
// One that found nothing is kept by its name alone.
const Check = z.union([
  z.string().transform((check) => ({ check, verdict: "allow" })),
  z.object({ check: z.string(), verdict: z.string() }),
]);
const Decision = z.object({
  id: Id,
  agent_id: Id,
  credential_id: Nullable,
  session_id: Id,
  run_id: Id,
  step: z.int(),
  tool: z.string(),
  tool_hash: z.string(),
  action_digest: z.string(),
  call: z.unknown(),
  salt: z.string(),
  verdict: z.string(),
  rule: z.string().nullable(),
  checks: z.array(Check),
  facts: Body,
  manifest_version: z.int().nullable(),
  manifest_hash: z.string().nullable(),
  guardrail_version: z.int().nullable(),
  approval_id: Nullable,
  reserved_micros: Count,
  at: Count,
});
const Approval = z.object({
  id: Id,
  agent_id: Id,
  decision_id: Id,
  action_digest: z.string(),
  state: z.string(),
  display: z.unknown(),
  display_digest: z.string(),
  band: z.string(),
  quorum: z.int(),
  approver_role: z.string(),
  separation_of_duties: z.boolean(),
  dri_at_request: Id,
  expires_at: Count,
  consumed_by: Nullable,
});
const Vote = z.object({
  approval_id: Id,
  member_id: Id,
  verdict: z.string(),
  display_digest: z.string(),
  at: Count,
  undone: z.boolean(),
});
const Grant = z.object({
  approval_id: Id,
  action_digest: z.string(),
  expires_at: Count,
  usable_at: Count,
  consumed_at: Count.nullable(),
  consumed_by: Nullable,
});
const Execution = z.object({
  decision_id: Id,
  approval_id: Nullable,
  action_digest: z.string(),
  reserved_micros: Count,
  assumed_micros: Count,
  settled_micros: Count.nullable(),
  state: z.string(),
});
const Outcome = z.object({ id: Id, decision_id: Id, run_id: Id, cost_micros: Count.nullable(), at: Count });
const Budget = z.object({
  scope: z.string(),
  scope_id: Id,
  metric: z.string(),
  period: z.string(),
  limit_amount: Count,
  used: Count,
  reserved: Count,
  overrun: Count,
});
const Entry = z.object({ id: Id, kind: z.string(), body: Body, age_seconds: z.coerce.number() });
const Leaf = z.object({ leaf_index: Count, entry_id: Id, leaf_hash: z.string() });
const Head = z.object({ size: Count, root_hash: z.string() });
const Event = z.object({ id: Id, topic: z.string(), payload: Body, committed: Count });
const Stop = z.object({ id: Id, scope: z.string(), target_id: Nullable, resumed_at: Count.nullable() });
const Consent = z.object({ stop_id: Id, member_id: Id });
const MemberTie = z.object({ member_id: Id, by_member: Id, at: Count, ended: Count.nullable() });
const StandIn = z.object({ from_member: Id, to_member: Id, starts: Count, ends: Count, ended: Count.nullable() });
const Handover = z.object({ agent_id: Id, from_member: Id, to_member: Id, at: Count });
const CoolingOff = z.object({ micros: z.coerce.number() });
const Member = z.object({ id: Id, roles: z.array(z.string()), disabled_at: Count.nullable(), person: Id });
const Manifest = z.object({ agent_id: Id, version: z.int(), hash: z.string(), content: z.unknown() });
const Guardrail = z.object({ version: z.int(), hash: z.string(), content: z.unknown() });
const Tool = z.object({
  name: z.string(),
  description: z.string(),
  args_schema: z.unknown(),
  result_schema: z.unknown(),
  reversibility: z.unknown(),
  blast_radius: z.unknown(),
  scope_argument: z.string().nullable(),
  status: z.unknown(),
  hints: ToolHints.nullable(),
  hash: z.string(),
});
const Key = z.object({ agent_id: Id, session: z.string(), key: z.string(), fingerprint: z.string(), decision_id: Id });

const micros = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint AS ${name}`;

/**
 * When the transaction of an event committed, in microseconds; what is not committed comes last. A server that does not
 * keep these times gives the number of the transaction, which tells order only among those that kept the lock.
 */
async function committed(on: Owner): Promise<string> {
  const { rows } = await on.query("SELECT current_setting('track_commit_timestamp') AS kept");
  if (z.object({ kept: z.string() }).parse(rows[0]).kept !== "on") return "outbox.xid::text::bigint";
  const moment = "(extract(epoch FROM pg_xact_commit_timestamp(outbox.xid::xid)) * 1000000)::bigint";
  return `coalesce(${moment}, ${Number.MAX_SAFE_INTEGER})`;
}

/** Everything one workspace holds that an invariant speaks about, as it stands. */
export type State = Awaited<ReturnType<typeof readState>>;

/** Reads a workspace whole. One snapshot, so that nothing committed meanwhile is seen by half. */
export async function readState(on: Owner, workspaceId: string) {
  const read = async <T>(schema: z.ZodType<T>, columns: string, table: string, order = "1"): Promise<readonly T[]> => {
    const text = `SELECT ${columns} FROM ${table} WHERE workspace_id = $1 ORDER BY ${order}`;
    return schema.array().parse((await on.query(text, [workspaceId])).rows);
  };
  return {
    workspaceId,
    agents: await read(Agent, "id, handle, dri_id, status, level", "agents"),
    sessions: await read(Session, "id, agent_id, external_id", "sessions"),
    runs: await read(
      Run,
      // What people added when they let a halted run go on; a schema without these columns has added nothing.
      `id, agent_id, state, steps, allowed, asked, refused, cost_micros, coalesce(to_jsonb(runs) ->> 'extra_steps', '0') AS extra_steps,
       coalesce(to_jsonb(runs) ->> 'extra_cost_micros', '0') AS extra_cost_micros`,
      "runs",
    ),
    decisions: await read(
      Decision,
      `id, agent_id, credential_id, session_id, run_id, step, tool, tool_hash, action_digest, call, encode(salt, 'hex') AS salt,
       verdict, rule, checks, facts, manifest_version, manifest_hash, guardrail_version, approval_id, reserved_micros, ${micros("created_at", "at")}`,
      "decisions",
      "run_id, step, id",
    ),
    approvals: await read(
      Approval,
      `id, agent_id, decision_id, action_digest, state, display, display_digest, band, quorum, approver_role, separation_of_duties,
       dri_at_request, ${micros("expires_at", "expires_at")}, consumed_by`,
      "approvals",
    ),
    votes: await read(
      Vote,
      `approval_id, member_id, verdict, display_digest, ${micros("created_at", "at")}, to_jsonb(votes) ->> 'undone_at' IS NOT NULL AS undone`,
      "votes",
      "id",
    ),
    grants: await read(
      Grant,
      `approval_id, action_digest, ${micros("expires_at", "expires_at")}, ${micros("coalesce((to_jsonb(grants) ->> 'usable_at')::timestamptz, created_at)", "usable_at")}, ${micros("consumed_at", "consumed_at")}, consumed_by`,
      "grants",
    ),
    executions: await read(
      Execution,
      "decision_id, approval_id, action_digest, reserved_micros, assumed_micros, settled_micros, state",
      "executions",
    ),
    outcomes: await read(
      Outcome,
      `id, decision_id, run_id, cost_micros, ${micros("created_at", "at")}`,
      "outcomes",
      "created_at",
    ),
    budgets: await read(
      Budget,
      "scope, scope_id, metric, period, limit_amount, used, reserved, overrun",
      "budgets",
      "scope_id, metric, period",
    ),
    entries: await read(
      Entry,
      "id, kind, body::jsonb AS body, extract(epoch FROM clock_timestamp() - created_at) AS age_seconds",
      "ledger_entries",
    ),
    leaves: await read(Leaf, "leaf_index, entry_id, leaf_hash", "ledger_leaves", "ledger_leaves.leaf_index, entry_id"),
    heads: await read(Head, "size, root_hash", "ledger_heads"),
    events: await read(Event, `id, topic, payload, ${await committed(on)} AS committed`, "outbox", "4, outbox.xid, id"),
    stops: await read(Stop, `id, scope, target_id, ${micros("resumed_at", "resumed_at")}`, "stops"),
    consents: await read(Consent, "stop_id, member_id", "stop_consents"),
    members: await read(
      Member,
      `id, roles, ${micros("disabled_at", "disabled_at")}, coalesce(to_jsonb(members) ->> 'person_id', id::text) AS person`,
      "members",
    ),
    ties: await read(
      MemberTie,
      `member_id, by_member, ${micros("created_at", "at")}, ${micros("ended_at", "ended")}`,
      "member_ties",
    ),
    standIns: await read(
      StandIn,
      `from_member, to_member, ${micros("starts_at", "starts")}, ${micros("ends_at", "ends")}, ${micros("ended_at", "ended")}`,
      "delegations",
    ),
    handovers: await read(
      Handover,
      `agent_id, from_member, to_member, ${micros("created_at", "at")}`,
      "dri_changes",
      "created_at",
    ),
    coolingOff: CoolingOff.parse(
      (await on.query(`SELECT cooling_off_hours * 3600000000 AS micros FROM workspaces WHERE id = $1`, [workspaceId]))
        .rows[0],
    ).micros,
    manifests: await read(Manifest, "agent_id, version, hash, content", "manifests", "agent_id, version"),
    guardrails: await read(Guardrail, "version, hash, content", "guardrails", "version"),
    tools: await read(
      Tool,
      "name, description, args_schema, result_schema, reversibility, blast_radius, scope_argument, status, hints, hash",
      "tools",
    ),
    keys: await read(Key, "agent_id, session, key, fingerprint, decision_id", "idempotency_keys"),
  };
}
