import { randomUUID } from "node:crypto";

import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { decide } from "@/lib/core/decisions/decide";
import { Call } from "@/lib/core/decisions/schema";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { CredentialId } from "@/lib/core/shared/brand";
import { createBatchQueue } from "@/lib/data/batch-queue";
import type { Fate, Submission } from "@/lib/data/run-batch";
import { transact } from "@/lib/data/db";
import { decisionWriters } from "@/lib/data/decision-writers";
import { env } from "@/lib/platform/env";
import { type AskingAgent, givenAskingAgent } from "@/lib/testing/agent";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { sha256Hex } from "./digests";
import { controlFacts, policyOf } from "./policy-cache";
import { prepareCall, type PreparedCall } from "./prepare-call";
import { type MadeDecision, recordBatch } from "./record-batch";

let tenant: Tenant;
let admin: Person;
let good: AskingAgent;
let revoked: AskingAgent;

const writers = decisionWriters({ connectionString: env.DATABASE_URL, most: 4 });
const queue = () =>
  createBatchQueue<PreparedCall, MadeDecision>(writers, {
    deadlineMs: 10_000,
    record: recordBatch,
    afterCommit: () => undefined,
  });
afterAll(() => writers.close());

const TOOLS = [
  { name: "read_a", reversibility: "read", blast_radius: "none" },
  { name: "send_c", reversibility: "reversible", blast_radius: "low" },
];
const MANIFEST = "tools:\n  allowed:\n    - {name: read_a}\n    - {name: send_c, requires_approval: true}\n";

beforeAll(async () => {
  tenant = await givenTenant();
  admin = await tenant.person("admin");
  good = await given("good");
  revoked = await given("revoked");
  await revoke(revoked);
}, 60_000);

const agents: AskingAgent[] = [];

/** Registering an agent changes the workspace, so that all policies are read again. */
async function given(name: string): Promise<AskingAgent> {
  const agent = await givenAskingAgent(tenant, {
    author: admin,
    handle: `${name}-${randomUUID().slice(0, 8)}`,
    tools: TOOLS,
    manifest: MANIFEST,
  });
  agents.push(agent);
  for (const { actor, db, workspaceId } of agents) await policyOf(db, workspaceId, actor.agentId, true);
  return agent;
}

const revoke = ({ actor }: AskingAgent) =>
  transact(tenant.system.db, (tx) =>
    tx.credential.update({ where: { id: actor.credentialId }, data: { revokedAt: new Date() }, select: { id: true } }),
  );

/** The same agent with another key, which is valid. */
async function withAnotherKey(agent: AskingAgent): Promise<AskingAgent> {
  const credentialId = CredentialId.parse(uuidv7());
  const { workspaceId } = tenant;
  const rest = { hint: "hint", scopes: ["decide"], expiresAt: new Date(Date.now() + 60_000) };
  const data = {
    id: credentialId,
    workspaceId,
    agentId: agent.actor.agentId,
    hash: Buffer.from(credentialId),
    ...rest,
  };
  await transact(tenant.system.db, (tx) => tx.credential.create({ data, select: { id: true } }));
  return { ...agent, actor: { ...agent.actor, credentialId } };
}

type Changes = {
  readonly key?: string;
  readonly stale?: boolean;
  readonly run?: string;
  readonly tool?: string;
  readonly args?: object;
};

/** A call as it would be submitted, by an agent whose policy was read too early if it is stale. */
async function submission(
  { actor, db, workspaceId }: AskingAgent,
  { key, stale = false, run = "r", tool = "read_a", args = {} }: Changes = {},
): Promise<Submission<PreparedCall>> {
  const policy = await policyOf(db, workspaceId, actor.agentId);
  const input = Call.parse({ session_id: "s", run_id: run, tool, args });
  const callText = canonicalJson(asJsonObject(input));
  const facts = { ...controlFacts(policy), run: null, tallies: null, reach: null, history: null, readings: null };
  const decision = decide(policy.compiled, input, facts);
  return prepareCall({
    agent: actor,
    policy: stale ? { ...policy, agentEpoch: policy.agentEpoch - 1n } : policy,
    input,
    trace: null,
    callText,
    key: key === undefined ? null : { name: key, fingerprint: sha256Hex(callText) },
    decision,
    facts,
  });
}

/** Submits all in one turn of the loop, so that they share batches; what was thrown stands in its place. */
const together = (on: ReturnType<typeof queue>, submissions: readonly Submission<PreparedCall>[]) =>
  Promise.all(
    submissions.map((one) =>
      on.submit(tenant.workspaceId, one.context.policy.workspaceEpoch, one).catch((error: Error) => error),
    ),
  );

const statusOf = (fate: Fate<MadeDecision> | Error | undefined) =>
  fate === undefined || fate instanceof Error ? String(fate?.name) : fate.status;

/** Every judged call is answered with its own decision. */
function expectOwnAnswers(
  submissions: readonly Submission<PreparedCall>[],
  fates: readonly (Fate<MadeDecision> | Error)[],
) {
  for (const [index, fate] of fates.entries())
    if (!(fate instanceof Error) && fate.status === "judged") {
      const asked = submissions[index]?.asked;
      expect(fate.answer.answer).toMatchObject({ decision_id: asked?.decisionId, action_digest: asked?.action });
    }
}

const storedKeys = (names: readonly string[]) =>
  transact(tenant.system.db, (tx) =>
    tx.idempotencyKey.findMany({
      where: { workspaceId: tenant.workspaceId, key: { in: [...names] } },
      select: { key: true, decisionId: true },
    }),
  );
const storedDecisions = (ids: readonly string[]) =>
  transact(tenant.system.db, (tx) =>
    tx.decision.findMany({
      where: { workspaceId: tenant.workspaceId, id: { in: [...ids] } },
      orderBy: { step: "asc" },
      select: { id: true, step: true, createdAt: true },
    }),
  );

describe("a batch of callers who stand in different ways", () => {
  test("settles each by itself and keeps every answer in its place", async () => {
    const [used, fresh, lost] = [randomUUID(), randomUUID(), randomUUID()];
    const first = await submission(good, { key: used });
    expect((await together(queue(), [first])).map(statusOf)).toEqual(["judged"]);
    const stale = await given("stale");
    const submissions = [
      await submission(revoked, { key: lost }),
      await submission(good, { run: "one", args: { n: 1 } }),
      await submission(stale, { stale: true, key: lost }),
      await submission(good, { key: used }),
      await submission(good, { key: used, args: { other: true } }),
      await submission(good, { key: fresh, run: "two", args: { n: 2 } }),
      await submission(revoked),
      await submission(good, { key: fresh, run: "two", args: { n: 2 } }),
      await submission(stale, { run: "one", args: { n: 3 } }),
    ];
    const fates = await together(queue(), submissions);
    expect(fates.map(statusOf)).toEqual([
      "revoked",
      "judged",
      "stale",
      "replayed",
      "mismatch",
      "judged",
      "revoked",
      "replayed",
      "judged",
    ]);
    expectOwnAnswers(submissions, fates);
    expect(fates[3]).toEqual({ status: "replayed", decisionId: first.asked.decisionId });
    expect(fates[7]).toEqual({ status: "replayed", decisionId: submissions[5]?.asked.decisionId });
    expect(await storedKeys([lost])).toEqual([]);
    const stored = await storedDecisions(submissions.map(({ asked }) => asked.decisionId));
    expect(new Set(stored.map(({ id }) => id))).toEqual(
      new Set([1, 5, 8].map((at) => submissions[at]?.asked.decisionId)),
    );
    expect(new Set(stored.map(({ createdAt }) => createdAt.getTime())).size).toBe(1);
  });

  test("leaves no key behind for a revoked key of an agent that also calls with a valid one", async () => {
    const agent = await given("two-keys");
    const other = await withAnotherKey(agent);
    await revoke(agent);
    const key = randomUUID();
    const submissions = [await submission(agent, { key }), await submission(other)];
    expect((await together(queue(), submissions)).map(statusOf)).toEqual(["revoked", "judged"]);
    expect(await storedKeys([key])).toEqual([]);
    expect((await together(queue(), [await submission(other, { key })])).map(statusOf)).toEqual(["judged"]);
  });

  test("leaves no key behind for a stale call beside a good one of the same agent, so that it can be made again", async () => {
    const agent = await given("changed");
    const key = randomUUID();
    const submissions = [await submission(agent, { key, stale: true }), await submission(agent)];
    expect((await together(queue(), submissions)).map(statusOf)).toEqual(["stale", "judged"]);
    expect(await storedKeys([key])).toEqual([]);
    expect((await together(queue(), [await submission(agent, { key })])).map(statusOf)).toEqual(["judged"]);
  });

  test("gives a key to the call that may go on, whichever came first", async () => {
    const agent = await given("one-key");
    const key = randomUUID();
    const submissions = [await submission(agent, { key, stale: true }), await submission(agent, { key })];
    expect((await together(queue(), submissions)).map(statusOf)).toEqual(["stale", "judged"]);
    expect(await storedKeys([key])).toEqual([{ key, decisionId: submissions[1]?.asked.decisionId }]);
  });
});

describe("a call that cannot be judged", () => {
  /** Goes to people, and what it is like cannot be said. */
  async function broken(key: string): Promise<Submission<PreparedCall>> {
    const made = await submission(good, { key, run: "broken", tool: "send_c" });
    const likeness = () => {
      throw new TypeError("this call is like nothing");
    };
    return { ...made, asked: { ...made.asked, likeness } };
  }

  test("is refused alone: its neighbours are judged, and it leaves no key and no decision", async () => {
    const key = randomUUID();
    const submissions = [
      await submission(good, { run: "near", args: { n: 1 } }),
      await broken(key),
      await submission(good, { run: "near", args: { n: 2 }, key: randomUUID() }),
      await submission(revoked),
    ];
    const fates = await together(queue(), submissions);
    expect(fates.map(statusOf)).toEqual(["judged", "CannotRecord", "judged", "revoked"]);
    expectOwnAnswers(submissions, fates);
    expect(await storedKeys([key])).toEqual([]);
    expect(await storedDecisions([submissions[1]?.asked.decisionId ?? ""])).toEqual([]);
    const steps = await storedDecisions([0, 2].map((at) => submissions[at]?.asked.decisionId ?? ""));
    expect(steps.map(({ step }) => step)).toEqual([1, 2]);
  });

  test("is refused when it is alone, and holds no connection", async () => {
    const on = queue();
    for (let time = 0; time < 6; time += 1)
      expect((await together(on, [await broken(randomUUID())])).map(statusOf)).toEqual(["CannotRecord"]);
    expect((await together(on, [await submission(good)])).map(statusOf)).toEqual(["judged"]);
  });

  test("a batch whose rows cannot be written is written call by call", async () => {
    const submissions = [await submission(good, { run: "rows" }), await submission(good, { run: "rows" })];
    const [first] = submissions;
    // A second decision of the same id.
    const twice = [
      ...submissions,
      { ...(await submission(good, { run: "rows" })), ...(first && { asked: first.asked }) },
    ];
    const fates = await together(queue(), twice);
    expect(fates.map(statusOf)).toEqual(["judged", "judged", "CannotRecord"]);
  });
});

describe("two processes", () => {
  test("that get one key at once judge it once, and a call of another body never", async () => {
    const processes = [queue(), queue()];
    for (let round = 0; round < 15; round += 1) {
      const key = randomUUID();
      const run = `round ${round}`;
      const calls = [
        [await submission(good, { key, run }), await submission(good, { key, run, args: { other: true } })],
        [await submission(good, { key, run }), await submission(good, { run })],
      ];
      const fates = (await Promise.all(calls.map((own, index) => together(processes[index] ?? queue(), own)))).flat();
      const sent = calls.flat();
      const judged = fates
        .flatMap((fate, index) => (statusOf(fate) === "judged" ? [sent[index]] : []))
        .filter((one) => one?.wanted.key !== null);
      expect(judged).toHaveLength(1);
      expect(await storedKeys([key])).toEqual([{ key, decisionId: judged[0]?.asked.decisionId }]);
      for (const [index, fate] of fates.entries()) {
        if (sent[index]?.wanted.key === null || sent[index] === judged[0]) continue;
        const isSame = sent[index]?.wanted.key?.fingerprint === judged[0]?.wanted.key?.fingerprint;
        expect(fate).toEqual(
          isSame ? { status: "replayed", decisionId: judged[0]?.asked.decisionId } : { status: "mismatch" },
        );
      }
    }
  });
});

test("two hundred calls are one transaction, judged in the order they came, and the next one begins another", async () => {
  const agent = await given("many");
  const submissions: Submission<PreparedCall>[] = [];
  for (let n = 0; n < 201; n += 1) submissions.push(await submission(agent, { run: "many", args: { n } }));
  const fates = await together(queue(), submissions);
  expect(new Set(fates.map(statusOf))).toEqual(new Set(["judged"]));
  expectOwnAnswers(submissions, fates);
  const stored = await storedDecisions(submissions.map(({ asked }) => asked.decisionId));
  expect(stored.map(({ id }) => id)).toEqual(submissions.map(({ asked }) => asked.decisionId));
  expect(stored.map(({ step }) => step)).toEqual(submissions.map((_, index) => index + 1));
  const moments = stored.map(({ createdAt }) => createdAt.getTime());
  expect(new Set(moments.slice(0, 200)).size).toBe(1);
  expect(moments[200]).toBeGreaterThan(moments[0] ?? 0);
  const receipts = fates.flatMap((fate) =>
    fate instanceof Error || fate.status !== "judged" ? [] : [fate.answer.answer.receipt],
  );
  expect(new Set(receipts).size).toBe(201);
});
