import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { WorkspaceId } from "@/lib/core/shared/brand";
import { transact, workspaceDb } from "@/lib/data/db";
import { authenticate } from "@/lib/services/access/authenticate";
import { disableMember } from "@/lib/services/workspaces/disable-member";
import { type Answered, givenAgent, givenWorkspace, send, supportManifest } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

// Invariant 10: whatever takes a right away has taken it, on every replica, from the moment it answers.

let replicas: Replicas;
let admin: string;
let workspaceId: WorkspaceId;
const url = (index: number): string => replicas.urls[index % replicas.urls.length] ?? "";

beforeAll(async () => {
  replicas = await startReplicas(2);
  const workspace = await givenWorkspace();
  admin = workspace.token;
  workspaceId = WorkspaceId.parse(workspace.workspaceId);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});

const WORKERS = 12;
const read = { tool: "read_customer_record", args: { customer_id: "C-1" } };
const update = { tool: "update_ticket_status", args: { status: "open" } };
const email = { tool: "send_customer_email", args: { to: "a@example.com", template: "refund" } };
const fresh = () => ({ session_id: `s-${randomUUID()}`, run_id: "r-1" });
const decide = (index: number, key: string, call: object) => send(url(index), "/api/v1/decisions", key, call);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the database allowed this agent after a moment of its own clock. */
async function allowedAfter(handle: string, moment: Date): Promise<number> {
  const rows = await transact(
    workspaceDb(workspaceId),
    (tx) => tx.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM executions e JOIN decisions d ON d.id = e.decision_id JOIN agents g ON g.id = d.agent_id
    WHERE g.handle = ${handle} AND e.created_at > ${moment}`,
  );
  return rows[0]?.n ?? -1;
}

async function databaseTime(): Promise<Date> {
  const rows = await transact(
    workspaceDb(workspaceId),
    (tx) => tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`,
  );
  return rows[0]?.now ?? new Date(0);
}

/** Takes a right away while both replicas are busy using it. @returns what was answered to calls begun after that */
async function underLoad(
  given: { readonly handle: string; readonly key: string },
  call: () => object,
  takeAway: () => Promise<unknown>,
): Promise<{ readonly before: number; readonly after: number; readonly late: ReadonlySet<string> }> {
  let running = true;
  let gone = false;
  let before = 0;
  const late = new Set<string>();
  const workers = Array.from({ length: WORKERS }, async (_, index) => {
    while (running) {
      const isLate = gone;
      const { status, body } = await decide(index, given.key, call());
      const word = status === 200 ? String(body["verdict"]) : String(status);
      // 503 says that nothing was recorded and nothing allowed: a busy machine's answer, and nobody's right.
      if (isLate && word !== "503") late.add(word);
      else if (word === "allow") before += 1;
    }
  });
  await pause(250);
  // The right is taken from workers that have used it: a busy machine may take longer to answer the first call.
  for (let tries = 0; before === 0 && tries < 200; tries += 1) await pause(50);
  await takeAway();
  gone = true;
  const moment = await databaseTime();
  await pause(250);
  // A busy machine may take longer until the first answer that was asked for afterwards.
  for (let tries = 0; late.size === 0 && tries < 200; tries += 1) await pause(50);
  running = false;
  await Promise.all(workers);
  return { before, after: await allowedAfter(given.handle, moment), late };
}

type Given = { readonly handle: string; readonly key: string };
const done = async (asked: Promise<Answered>) => {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
};
const patch = ({ handle }: Given, body: object) =>
  done(answered(() => send(url(0), `/api/v1/agents/${handle}`, admin, body, { method: "PATCH" })));

type Right = {
  name: string;
  call: object;
  level?: number;
  sameRun?: boolean;
  takeAway: (given: Given) => Promise<unknown>;
  late: string | readonly string[];
};

const RIGHTS: readonly Right[] = [
  {
    name: "suspending the agent",
    call: read,
    takeAway: (given) => patch(given, { status: "suspended" }),
    late: "deny",
  },
  { name: "retiring the agent", call: read, takeAway: (given) => patch(given, { status: "retired" }), late: "deny" },
  {
    name: "stopping the agent",
    call: read,
    takeAway: ({ handle }) =>
      done(send(url(1), "/api/v1/stops", admin, { scope: "agent", id: handle, reason: "drill" })),
    late: "deny",
  },
  {
    name: "stopping the run",
    call: read,
    sameRun: true,
    takeAway: async ({ handle }) => {
      const runs = await done(send(url(0), `/api/v1/runs?agent=${handle}`, admin));
      const [run] = runs.body["items"] as unknown as { id: string }[];
      return done(send(url(1), "/api/v1/stops", admin, { scope: "run", id: run?.id, reason: "drill" }));
    },
    late: "halt",
  },
  {
    name: "revoking the key",
    call: read,
    takeAway: async ({ handle }) => {
      const shown = await done(send(url(0), `/api/v1/agents/${handle}`, admin));
      const [key] = shown.body["credentials"] as unknown as { id: string }[];
      const target = `/api/v1/agents/${handle}/credentials/${key?.id}`;
      return done(send(url(1), target, admin, undefined, { method: "DELETE" }));
    },
    late: "401",
  },
  {
    name: "publishing a manifest without the tool",
    call: read,
    takeAway: async ({ handle }) => {
      const manifest = supportManifest(handle).replace(/ +- name: "read_customer_record"\n.*\n/, "");
      const answer = await send(url(0), `/api/v1/agents/${handle}/manifests?publish=true`, admin, { manifest });
      expect(answer).toMatchObject({ status: 201 });
    },
    late: "deny",
  },
  {
    name: "lowering the level",
    call: update,
    takeAway: ({ handle }) =>
      done(send(url(1), `/api/v1/agents/${handle}/level`, admin, { level: 1, reason: "drill" }, { method: "PUT" })),
    late: "recommend",
  },
  {
    name: "quarantining the tool",
    call: read,
    takeAway: () => done(send(url(1), `/api/v1/tools/${read.tool}/quarantine`, admin, { reason: "drill" })),
    late: "deny",
  },
];

/** Last of all, because taking it back takes two people. */
const RECLASSED: Right = {
  name: "registering the tool as irreversible",
  call: update,
  takeAway: () =>
    done(
      send(url(0), "/api/v1/tools", admin, { name: update.tool, reversibility: "irreversible", blast_radius: "low" }),
    ),
  // Ten of one agent may wait; what it asks for beyond is refused.
  late: ["require_approval", "deny"],
};

async function isTakenAway({ call, sameRun, takeAway, late }: Right): Promise<void> {
  const given = await givenAgent(url(0), admin);
  const at = fresh();
  const next = () => ({ ...(sameRun ? at : fresh()), ...call });
  const seen = await underLoad(given, next, () => takeAway(given));
  expect(seen.before).toBeGreaterThan(0);
  expect(seen.after).toBe(0);
  expect(seen.late.size).toBeGreaterThan(0);
  expect([late].flat()).toEqual(expect.arrayContaining([...seen.late]));
  // A tool is of the whole workspace: the next test finds it in use again.
  const shown = await send(url(0), `/api/v1/tools/${read.tool}/accept`, admin, { hash: await hashOf(read.tool) });
  expect([200, 409]).toContain(shown.status);
}

describe("two busy replicas", { timeout: 60_000 }, () => {
  test.each(RIGHTS)("allow nothing more once $name has answered", isTakenAway);

  test("a tool that was held is in use again once a person has accepted what they looked at", async () => {
    const { key } = await givenAgent(url(0), admin);
    await done(send(url(0), `/api/v1/tools/${read.tool}/quarantine`, admin, { reason: "drill" }));
    const denied = await decide(1, key, { ...fresh(), ...read });
    expect(denied.body).toMatchObject({ verdict: "deny", reasons: [{ code: "tool_quarantined" }] });
    await done(send(url(1), `/api/v1/tools/${read.tool}/accept`, admin, { hash: await hashOf(read.tool) }));
    expect((await decide(0, key, { ...fresh(), ...read })).body).toMatchObject({ verdict: "allow" });
  });
});

async function hashOf(tool: string): Promise<string> {
  const listed = await done(send(url(0), "/api/v1/tools?limit=200", admin));
  const items = listed.body["items"] as unknown as { name: string; hash: string }[];
  return items.find((item) => item.name === tool)?.hash ?? "";
}

describe("an approval that two replicas use", { timeout: 60_000 }, () => {
  const LOSES = [
    { name: "its voter is disabled", take: (handle: string) => disableVoter(handle) },
    {
      name: "its voter becomes the agent's DRI",
      take: (handle: string) => patch({ handle, key: "" }, { dri: `reviewer-${handle}@example.com` }),
    },
  ];

  test.each(LOSES)("is good for nothing once $name", async ({ take }) => {
    const given = await givenAgent(url(0), admin, { manifest: (handle) => supportManifest(handle) });
    // A few at a time: of one agent no more than ten may wait.
    const calls: object[] = [];
    while (calls.length < 40) calls.push(...(await Promise.all(Array.from({ length: 8 }, () => approved(given)))));
    const [used, kept] = [calls.slice(0, 30), calls.slice(30)];
    const [first, ...others] = used as [object, ...object[]];
    const allowed = await answered(() => decide(0, given.key, first));
    expect(allowed.body).toMatchObject({ verdict: "allow" });
    const using = Promise.all(
      others.map(async (call, index) => pause(index * 5).then(() => decide(index, given.key, call))),
    );
    await pause(40);
    await take(given.handle);
    const moment = await databaseTime();
    const answers = await Promise.all(kept.map((call, index) => answered(() => decide(index, given.key, call))));
    for (const { body } of answers) expect(body).toMatchObject({ verdict: "deny", reasons: [{ code: "quorum_lost" }] });
    await using;
    expect(await allowedAfter(given.handle, moment)).toBe(0);
  });
});

describe("two busy replicas at last", { timeout: 60_000 }, () => {
  test.each([RECLASSED])("allow nothing more once $name has answered", isTakenAway);
});

async function disableVoter(handle: string): Promise<void> {
  const ctx = await authenticate(admin, false);
  const members = await transact(ctx.db, (tx) =>
    tx.member.findFirstOrThrow({
      where: { workspaceId, email: `reviewer-${handle}@example.com` },
      select: { id: true },
    }),
  );
  await disableMember(ctx, { member: members.id });
}

/** A server that is asked too much at once says so and is asked again. */
async function answered(request: () => ReturnType<typeof send>): ReturnType<typeof send> {
  for (let tries = 1; ; tries += 1) {
    const answer = await request();
    if (answer.status !== 503 || tries === 10) return answer;
    await pause(200);
  }
}

async function approved({ key, reviewer }: { readonly key: string; readonly reviewer: string }): Promise<object> {
  const call = { ...fresh(), ...email };
  const { body } = await answered(() => decide(0, key, call));
  const { id } = body["approval"] as unknown as { id: string };
  const shown = await answered(() => send(url(1), `/api/v1/approvals/${id}`, reviewer));
  const vote = { verdict: "approve", display_digest: shown.body["display_digest"], note: "Read the whole letter." };
  await done(answered(() => send(url(1), `/api/v1/approvals/${id}/votes`, reviewer, vote)));
  return { ...call, approval_id: id };
}
