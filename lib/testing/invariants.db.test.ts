import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { givenAgent, givenOperator, givenWorkspace, SUPPORT_TOOLS, supportManifest } from "./client";
import { createHistory, type Sent } from "./history";
import { checkInvariants, sequence, violationsIn } from "./invariants";
import { connectOwner } from "./owner";
import { type Replicas, startReplicas } from "./replicas";
import { resumeStopAs } from "./resume";

// A checker that cannot fail proves nothing: a workspace in which everything happened once is copied, each copy is
// damaged in one way, and exactly the invariant that this breaks must be named.

const history = createHistory();
const copy = await connectOwner();
let replicas: Replicas;
let workspaceId: string;

const Approved = z.looseObject({ approval: z.object({ id: z.string() }), decision_id: z.string() });
const read = { tool: "read_customer_record", args: { customer_id: "C-1" }, estimate: { cost_usd: 0.01 } };
const email = { tool: "send_customer_email", args: { to: "a@example.com", template: "refund" } };

beforeAll(async () => {
  replicas = await startReplicas(1);
  ({ workspaceId } = await givenEverythingOnce(replicas.urls[0] ?? ""));
  await sequence(workspaceId);
  await givenCopy();
}, 180_000);
afterAll(async () => {
  await copy.end();
  await replicas.stop();
});

/** One workspace with an allow, a refusal, approvals used and refused, a halt, every kind of barrier, and a neighbour. */
async function givenEverythingOnce(url: string) {
  const { token: admin, workspaceId: id } = await givenWorkspace();
  const neighbour = await givenWorkspace();
  await givenAgent(url, neighbour.token);
  const bounds = (handle: string) => supportManifest(handle, "execution:\n  max_steps: 4\n  max_cost_usd: 1.00\n");
  const { key, reviewer, handle } = await givenAgent(url, admin, { manifest: bounds });
  const ask = (target: string, token: string, body?: unknown, headers = {}) =>
    history.ask(url, target, token, body, { headers });
  const decide = (call: object, headers = {}) => ask("/api/v1/decisions", key, { session_id: "s", ...call }, headers);

  const first = await decide({ run_id: "r", ...read }, { "idempotency-key": "one" });
  await decide({ run_id: "r", ...read }, { "idempotency-key": "one" });
  await ask(`/api/v1/decisions/${String(first.body["decision_id"])}/outcome`, key, {
    outcome: "success",
    cost_usd: 0.02,
  });
  await decide({ run_id: "r", tool: "nobody_knows" });
  for (const run of ["r", "r", "r"]) await decide({ run_id: run, ...read });

  for (const [run, verdict] of [
    ["a1", "approve"],
    ["a2", "approve"],
    ["a3", "deny"],
  ] as const) {
    const at = { session_id: "approvals", run_id: run, ...email };
    const { approval } = Approved.parse((await ask("/api/v1/decisions", key, at)).body);
    const shown = await ask(`/api/v1/approvals/${approval.id}`, reviewer);
    const vote = { verdict, display_digest: shown.body["display_digest"], note: "Read the whole letter." };
    await ask(`/api/v1/approvals/${approval.id}/votes`, reviewer, vote);
    await ask("/api/v1/decisions", key, { ...at, approval_id: approval.id });
  }

  const second = await givenOperator(url, admin);
  const stopped = await ask("/api/v1/stops", admin, { scope: "workspace", reason: "drill" });
  await decide({ run_id: "stopped", ...read });
  await resumeStopAs(history, url, String(stopped.body["stop_id"]), [admin, second]);
  await decide({ session_id: "later", run_id: "again", ...read });

  await ask("/api/v1/tools", admin, { ...SUPPORT_TOOLS[0], description: "Reads." });
  await decide({ run_id: "tool", ...read });
  await ask(`/api/v1/agents/${handle}/manifests?publish=true`, admin, {
    manifest: supportManifest(handle, "execution:\n  max_steps: 3\n  max_cost_usd: 1.00\n"),
  });
  await decide({ run_id: "manifest", ...read });
  await history.ask(url, `/api/v1/agents/${handle}/level`, admin, { level: 2, reason: "" }, { method: "PUT" });
  await decide({ run_id: "level", ...read });
  const runs = await ask(`/api/v1/runs?agent=${handle}&limit=1`, admin);
  const [run] = z.object({ items: z.array(z.looseObject({ id: z.string() })) }).parse(runs.body).items;
  await ask("/api/v1/stops", admin, { scope: "run", id: run?.id, reason: "drill" });
  await history.ask(url, `/api/v1/agents/${handle}`, admin, { status: "suspended" }, { method: "PATCH" });
  await decide({ run_id: "suspended", ...read });
  await history.ask(url, `/api/v1/agents/${handle}`, admin, { status: "active" }, { method: "PATCH" });
  await decide({ run_id: "active", ...read });
  const shown = await ask(`/api/v1/agents/${handle}`, admin);
  const [credential] = z
    .looseObject({ credentials: z.array(z.looseObject({ id: z.string() })) })
    .parse(shown.body).credentials;
  await history.ask(url, `/api/v1/agents/${handle}/credentials/${credential?.id}`, admin, undefined, {
    method: "DELETE",
  });
  await decide({ run_id: "revoked", ...read });
  return { workspaceId: id };
}

/** Temporary tables stand before the real ones, have no constraint, no trigger and no other reader. */
async function givenCopy(): Promise<void> {
  const { rows } = await copy.query(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute w ON w.attrelid = c.oid AND w.attname = 'workspace_id'
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
  );
  await copy.query("BEGIN");
  for (const { name } of z.array(z.object({ name: z.string() })).parse(rows)) {
    await copy.query(
      `CREATE TEMP TABLE "${name}" AS SELECT * FROM public."${name}" WHERE workspace_id = '${workspaceId}'`,
    );
  }
  // One entry is left without its index, so that its absence can be told from a damaged tree.
  await copy.query(
    `CREATE TEMP VIEW fresh AS SELECT id FROM ledger_entries e WHERE kind = 'decision' ORDER BY id DESC LIMIT 1`,
  );
}

/** Damages the copy, looks, and undoes the damage. */
async function damaged(sql: string): Promise<{ numbers: readonly number[]; rows: number }> {
  await copy.query("SAVEPOINT whole");
  try {
    let rows = 0;
    for (const statement of sql.split(";")) rows += (await copy.query(statement)).rowCount ?? 0;
    const found = await violationsIn(copy, workspaceId);
    return { numbers: [...new Set(found.map(({ invariant }) => invariant))].toSorted((a, b) => a - b), rows };
  } finally {
    await copy.query("ROLLBACK TO SAVEPOINT whole");
  }
}

const one = (verdict: string, more = "TRUE") =>
  `(SELECT d.id FROM decisions d JOIN runs r ON r.id = d.run_id WHERE d.verdict = '${verdict}' AND ${more} ORDER BY d.id LIMIT 1)`;
const consumed = "(SELECT id FROM approvals WHERE state = 'consumed' ORDER BY id LIMIT 1)";
/** A second vote for it, by the administrator, where two are asked for. */
const ofTwo = `UPDATE approvals SET quorum = 2 WHERE id = ${consumed};
  INSERT INTO votes SELECT gen_random_uuid(), v.workspace_id, v.approval_id, m.id, v.verdict, v.note, v.display_digest, v.created_at, NULL, NULL, m.id
  FROM votes v JOIN members m ON 'admin' = ANY (m.roles) WHERE v.approval_id = ${consumed} LIMIT 1`;
const ofTopic = (topic: string, more = "TRUE") =>
  `(SELECT min(xid::text::bigint)::text::xid8 FROM outbox WHERE topic = '${topic}' AND ${more})`;
const others = (table: string) => `(SELECT id FROM public.${table} WHERE workspace_id <> '${workspaceId}' LIMIT 1)`;

type Damage = readonly [what: string, invariants: readonly number[], sql: () => string];

const DAMAGES: readonly Damage[] = [
  [
    "an execution of another digest",
    [1],
    () => `UPDATE executions SET action_digest = 'x' WHERE decision_id = ${one("allow", "d.approval_id IS NULL")}`,
  ],
  [
    "an allow without its execution",
    [1, 5],
    () => `DELETE FROM executions WHERE decision_id = ${one("allow", "r.external_id = 'again'")}`,
  ],
  [
    "an execution of a refusal",
    [1],
    () =>
      `INSERT INTO executions SELECT id, workspace_id, NULL, action_digest, 0, 'granted', created_at FROM decisions WHERE id = ${one("deny")}`,
  ],
  ["an outcome of a refusal", [1], () => `UPDATE outcomes SET decision_id = ${one("deny")}`],
  [
    "an approval used twice",
    [2],
    () => `UPDATE executions SET approval_id = ${consumed} WHERE approval_id IS NOT NULL`,
  ],
  ["an approval short of a person", [3], () => `UPDATE approvals SET quorum = 2 WHERE id = ${consumed}`],
  ["an approval with a denial", [3], () => `UPDATE votes SET verdict = 'deny' WHERE approval_id = ${consumed}`],
  ["an approval used after its time", [3], () => `UPDATE approvals SET expires_at = created_at WHERE id = ${consumed}`],
  [
    "an approval by the agent's own DRI",
    [3],
    () =>
      `UPDATE approvals SET dri_at_request = (SELECT member_id FROM votes v WHERE v.approval_id = approvals.id) WHERE id = ${consumed}`,
  ],
  [
    "an approval by somebody without the role",
    [3],
    () =>
      `UPDATE members SET roles = '{viewer}' WHERE id = (SELECT member_id FROM votes WHERE approval_id = ${consumed})`,
  ],
  [
    "an approval by somebody who had left",
    [3],
    () =>
      `UPDATE members SET disabled_at = created_at WHERE id = (SELECT member_id FROM votes WHERE approval_id = ${consumed})`,
  ],
  [
    "an approval that was taken back",
    [3],
    () => `UPDATE votes SET undone_at = created_at WHERE approval_id = ${consumed}`,
  ],
  [
    "an approval used while it could be taken back",
    [3],
    () => `UPDATE grants SET usable_at = consumed_at + interval '1 ms' WHERE approval_id = ${consumed}`,
  ],
  [
    "an approval by another account of the agent's DRI",
    [3],
    () =>
      `UPDATE members SET person_id = (SELECT dri_at_request FROM approvals WHERE id = ${consumed}) WHERE id = (SELECT member_id FROM votes WHERE approval_id = ${consumed})`,
  ],
  [
    "an approval of two who stand in for each other",
    [3, 7],
    () =>
      `${ofTwo}; INSERT INTO delegations SELECT gen_random_uuid(), v.workspace_id, v.member_id, m.id, v.created_at - interval '1 day', v.created_at + interval '1 day'
       FROM votes v JOIN members m ON 'admin' = ANY (m.roles) AND m.id <> v.member_id WHERE approval_id = ${consumed}`,
  ],
  // The control: of two independent people only the missing entry of the second vote is found.
  ["no lack of people where two independent ones approved", [7], () => ofTwo],
  [
    "an approval of one who had the agent lately",
    [3],
    () =>
      `INSERT INTO dri_changes SELECT gen_random_uuid(), a.workspace_id, a.agent_id, v.member_id, a.dri_at_request, v.created_at + interval '1 microsecond'
       FROM approvals a JOIN votes v ON v.approval_id = a.id WHERE a.id = ${consumed}`,
  ],
  [
    "a stop that two who count as one ended",
    [16],
    () => `UPDATE public.workspaces SET cooling_off_hours = 72 WHERE id = '${workspaceId}'`,
  ],
  ["an approval nobody used up", [3], () => `UPDATE approvals SET state = 'approved' WHERE id = ${consumed}`],
  ["a grant that was never used", [3], () => `UPDATE grants SET consumed_at = NULL WHERE approval_id = ${consumed}`],
  ["a grant for another action", [4], () => `UPDATE grants SET action_digest = 'x' WHERE approval_id = ${consumed}`],
  [
    "something else on the screen",
    [4],
    () => `UPDATE approvals SET display = display || '{"args": {"to": "b@example.com"}}' WHERE id = ${consumed}`,
  ],
  [
    "another session than was hashed",
    [4],
    () => `UPDATE sessions SET external_id = 'other' WHERE external_id = 'later'`,
  ],
  [
    "other arguments than were hashed",
    [4, 7],
    () =>
      `UPDATE decisions SET call = jsonb_set(call, '{args,customer_id}', '"C-2"') WHERE id = ${one("allow", "r.external_id = 'again'")}`,
  ],
  ["a budget beyond its limit", [5], () => `UPDATE budgets SET used = limit_amount + 1`],
  ["a reservation that was lost", [5], () => `UPDATE budgets SET reserved = reserved - 1 WHERE reserved > 0`],
  ["an attempt that was not counted", [5], () => `UPDATE runs SET steps = steps - 1 WHERE external_id = 'r'`],
  [
    "a step beyond the bound",
    [5, 13],
    () => `UPDATE manifests SET content = jsonb_set(content, '{execution,max_steps}', '1') WHERE version = 1`,
  ],
  [
    "more held than the bound",
    [5, 13],
    () => `UPDATE manifests SET content = jsonb_set(content, '{execution,max_cost_usd}', '0.015') WHERE version = 1`,
  ],
  ["a key for another body", [6], () => `UPDATE idempotency_keys SET fingerprint = 'x'`],
  [
    "a key for another's decision",
    [6],
    () => `UPDATE idempotency_keys SET decision_id = ${one("allow", "r.external_id = 'again'")}`,
  ],
  [
    "a decision without its entry",
    [7],
    () => `DELETE FROM ledger_leaves WHERE entry_id = (SELECT id FROM fresh); DELETE FROM ledger_entries WHERE id = (SELECT id FROM fresh);
      UPDATE ledger_heads SET size = 0, root_hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'; DELETE FROM ledger_leaves; UPDATE ledger_entries SET created_at = clock_timestamp()`,
  ],
  [
    "an entry without its decision",
    [1, 5, 7],
    () => `DELETE FROM decisions WHERE id = ${one("allow", "r.external_id = 'again'")}`,
  ],
  ["an entry that says something else", [7], () => `UPDATE decisions SET rule = 'other' WHERE id = ${one("allow")}`],
  ["a vote that was not recorded", [7], () => `DELETE FROM votes WHERE verdict = 'deny'`],
  [
    "an entry that was rewritten",
    [8],
    () => `UPDATE ledger_entries SET body = replace(body, '"at":"2', '"at":"1') WHERE kind = 'stop.request'`,
  ],
  ["a gap in the indexes", [8], () => `UPDATE ledger_leaves SET leaf_index = leaf_index + 1 WHERE leaf_index > 3`],
  [
    "two entries in each other's place",
    [8],
    () => `UPDATE ledger_leaves SET leaf_index = 3 - leaf_index WHERE leaf_index IN (1, 2)`,
  ],
  ["another root", [8], () => `UPDATE ledger_heads SET root_hash = leaf_hash FROM ledger_leaves WHERE leaf_index = 0`],
  ["a head that lost leaves", [8], () => `UPDATE ledger_heads SET size = size - 1`],
  [
    "an entry that was never sequenced",
    [9],
    () => `INSERT INTO ledger_entries SELECT '01a1f000-0000-7000-8000-000000000000', workspace_id, 'test.event',
      jsonb_build_object('id', '01a1f000-0000-7000-8000-000000000000', 'kind', 'test.event', 'workspace', workspace_id)::text, clock_timestamp() - interval '11 seconds' FROM ledger_heads`,
  ],
  [
    "an allow in a stopped workspace",
    [10],
    () =>
      `UPDATE outbox SET xid = ${ofTopic("stop.request", "payload ->> 'scope' = 'workspace'")} WHERE id = ${one("allow", "r.external_id = 'again'")}`,
  ],
  [
    "an allow of a suspended agent",
    [10],
    () => `UPDATE outbox SET xid = ${ofTopic("agent.update")} WHERE id = ${one("allow", "r.external_id = 'active'")}`,
  ],
  [
    "a decision for a revoked key",
    [10],
    () => `UPDATE outbox SET xid = pg_current_xact_id() WHERE id = ${one("allow", "r.external_id = 'active'")}`,
  ],
  [
    "a decision by the version before",
    [10],
    () => `UPDATE outbox SET xid = ${ofTopic("agent.level")} WHERE id = ${one("allow", "r.external_id = 'tool'")}`,
  ],
  [
    "a decision by the level before",
    [10],
    () => `UPDATE outbox SET xid = ${ofTopic("agent.update")} WHERE id = ${one("allow", "r.external_id = 'manifest'")}`,
  ],
  [
    "a decision by a tool's definition before",
    [10],
    () =>
      `UPDATE outbox SET xid = ${ofTopic("manifest.publish", "(payload ->> 'version')::int > 1")} WHERE id = ${one("allow", "r.external_id = 'again'")}`,
  ],
  [
    "an allow that a check objected to",
    [11],
    () =>
      `UPDATE decisions SET checks = '[{"check": "constraints", "verdict": "deny"}]' WHERE id = ${one("allow", "r.external_id = 'again'")}`,
  ],
  [
    "an allow by an error",
    [7, 11],
    () => `UPDATE decisions SET rule = 'internal_error' WHERE id = ${one("allow", "r.external_id = 'active'")}`,
  ],
  [
    "a verdict its facts do not give",
    [13],
    () =>
      `UPDATE decisions SET facts = jsonb_set(facts, '{agent,status}', '"suspended"') WHERE id = ${one("allow", "r.external_id = 'active'")}`,
  ],
  ["a stop by another workspace's member", [14], () => `UPDATE stops SET requested_by = ${others("members")}`],
  [
    "a decision for another workspace's key",
    [14],
    () =>
      `UPDATE decisions SET credential_id = ${others("credentials")} WHERE id = ${one("allow", "r.external_id = 'active'")}`,
  ],
  [
    "an allow in a halted run",
    [16],
    () =>
      `UPDATE decisions SET checks = checks || '[{"check": "bounds", "verdict": "halt"}]' WHERE id = ${one("deny", "r.external_id = 'r'")}`,
  ],
  [
    "a halted run that goes on",
    [16],
    () => `UPDATE runs SET state = 'running' WHERE state = 'halted' AND external_id = 'r'`,
  ],
  ["a run that one person resumed", [16], () => `UPDATE stops SET resumed_at = clock_timestamp() WHERE scope = 'run'`],
];

describe("the invariant checker", () => {
  test("finds nothing in a workspace in which everything happened as it should", async () => {
    expect(await checkInvariants(workspaceId, history.sent)).toEqual([]);
    expect(await violationsIn(copy, workspaceId, history.sent)).toEqual([]);
    expect(new Set(history.sent.map(({ answer }) => answer["verdict"]).filter(Boolean))).toEqual(
      new Set(["allow", "deny", "require_approval", "halt"]),
    );
  });

  test.each(DAMAGES)("finds %s: %j", async (_what, invariants, sql) => {
    const { numbers, rows } = await damaged(sql());
    expect(rows).toBeGreaterThan(0);
    expect(numbers).toEqual(invariants);
  });

  test("finds every proof valid after every payload was erased (17)", async () => {
    const { numbers, rows } = await damaged(
      "UPDATE decisions SET call = '{}', salt = '', facts = '{}'; UPDATE approvals SET display = '{}'",
    );
    expect(rows).toBeGreaterThan(0);
    expect(numbers.filter((number) => number === 8 || number === 9)).toEqual([]);
  });

  const changed = (change: (sent: Sent) => Partial<Sent>): readonly Sent[] =>
    history.sent.map((sent) => (sent.target === "/api/v1/decisions" ? { ...sent, ...change(sent) } : sent));

  test.each<readonly [what: string, invariant: number, damage: () => readonly Sent[]]>([
    [
      "two answers to one key",
      6,
      () => changed(({ key, answer, endedAt }) => (key ? { answer: { ...answer, step: endedAt } } : {})),
    ],
    [
      "one key answered for two bodies",
      6,
      () => changed(({ key, endedAt }) => (key ? { body: { session_id: "s", at: endedAt } } : {})),
    ],
    [
      "an answer the ledger does not know",
      7,
      () => changed(({ answer }) => ({ answer: { ...answer, decision_id: "x", verdict: "deny" } })),
    ],
    [
      "an answer the ledger says otherwise",
      7,
      () => changed(({ answer }) => (answer["verdict"] === "deny" ? { answer: { ...answer, verdict: "halt" } } : {})),
    ],
    [
      "an allow asked for after a stop had answered",
      10,
      () => {
        const stop = history.sent.find(({ target }) => target === "/api/v1/stops");
        const at = (stop?.endedAt ?? 0) + 0.001;
        return changed(({ answer }) => (answer["verdict"] === "allow" ? { startedAt: at, endedAt: at } : {}));
      },
    ],
    [
      "an error that allows",
      11,
      () => changed(({ status }) => (status === 401 ? { answer: { verdict: "allow" } } : {})),
    ],
  ])("finds in the clients' log %s", async (_what, invariant, damage) => {
    const found = await violationsIn(copy, workspaceId, damage());
    expect([...new Set(found.map((one) => one.invariant))]).toEqual([invariant]);
  });
});
