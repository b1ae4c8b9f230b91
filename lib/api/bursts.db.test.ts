import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { givenAgent, givenMember, givenOperator, givenWorkspace, supportManifest } from "@/lib/testing/client";
import { createHistory } from "@/lib/testing/history";
import { checkInvariants, sequence } from "@/lib/testing/invariants";
import { connectOwner } from "@/lib/testing/owner";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";
import { resumeStopAs } from "@/lib/testing/resume";

let replicas: Replicas;
const url = (index: number): string => replicas.urls[index % replicas.urls.length] ?? "";

beforeAll(async () => {
  replicas = await startReplicas(2);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});

const read = { tool: "read_customer_record", args: { customer_id: "C-1" } };
const Decided = z.looseObject({ decision_id: z.string(), verdict: z.string() });

/** A limit, two hundred calls at once against it, and how many of them it must let through: exactly. */
type Burst = {
  readonly limit: string;
  readonly manifest: string;
  /** What the entry of the tool says besides. */
  readonly entry?: string;
  call(index: number): object;
  readonly allow: number;
  /** What the others must be answered. */
  readonly rest: "halt" | "deny" | "require_approval";
};

const CALLS = 200;
// A limit that more of the engine learns to keep is a row more here.
const BURSTS: readonly Burst[] = [
  {
    limit: "max_steps",
    manifest: "execution:\n  max_steps: 60\n",
    call: () => ({ run_id: "r", ...read }),
    allow: 60,
    rest: "halt",
  },
  {
    limit: "max_steps of all but one",
    manifest: "execution:\n  max_steps: 199\n",
    call: (index) => ({ run_id: "r", ...read, call_id: `c-${index}` }),
    allow: 199,
    rest: "halt",
  },
  {
    limit: "max_cost_usd in cents",
    manifest: "execution:\n  max_cost_usd: 0.50\n",
    call: () => ({ run_id: "r", ...read, estimate: { cost_usd: 0.01 } }),
    allow: 50,
    rest: "halt",
  },
  {
    limit: "max_cost_usd that no number of calls fills",
    manifest: "execution:\n  max_cost_usd: 1.00\n",
    call: () => ({ run_id: "r", ...read, estimate: { cost_usd: 0.03 } }),
    allow: 33,
    rest: "halt",
  },
  {
    limit: "max_cost_usd in millionths",
    manifest: "execution:\n  max_cost_usd: 0.0001\n",
    call: () => ({ run_id: "r", ...read, estimate: { cost_usd: 0.000_001 } }),
    allow: 100,
    rest: "halt",
  },
  ...["per_run: 50", "per_hour: 50", "per_day: 50", "rows_per_hour: 50"].map(
    (limit): Burst => ({
      limit: `limits.${limit}`,
      manifest: "",
      entry: `limits: { ${limit} }`,
      call: (index) => ({ run_id: "r", ...read, args: { ...read.args, customer_id: `C-${index}` } }),
      allow: 50,
      rest: "deny",
    }),
  ),
  {
    limit: "daily_tokens",
    manifest: "execution:\n  daily_tokens: 700\n",
    call: (index) => ({ run_id: `r-${index}`, ...read, estimate: { tokens: 10 } }),
    allow: 70,
    rest: "halt",
  },
  {
    limit: "daily_cost_usd, hard at four fifths",
    manifest: "execution:\n  daily_cost_usd: 1.00\n  hard_at: 0.8\n",
    call: (index) => ({ run_id: `r-${index}`, ...read, estimate: { cost_usd: 0.01 } }),
    allow: 80,
    rest: "halt",
  },
  {
    limit: "loop",
    manifest: "execution:\n  loop: { repeats: 10 }\n",
    call: () => ({ run_id: "r", ...read }),
    allow: 10,
    rest: "halt",
  },
  {
    limit: "sequences that count over a session",
    manifest:
      "sequences:\n  - { name: reads, count: { tool: read_customer_record, over: 50 }, within: session, decide: deny }\n",
    call: (index) => ({ run_id: `r-${index % 9}`, ...read }),
    allow: 50,
    rest: "deny",
  },
];

describe("two hundred calls at once on two replicas", () => {
  test.each(BURSTS)(
    "$limit: exactly $allow pass, and settling them loses nothing",
    { timeout: 60_000 },
    async (burst) => {
      const history = createHistory();
      const { token: admin, workspaceId } = await givenWorkspace();
      const { key } = await givenAgent(url(0), admin, {
        manifest: (handle) =>
          supportManifest(handle, burst.manifest).replace("scope:", `${burst.entry ?? ""}\n      scope:`),
      });
      const session = `s-${randomUUID()}`;
      const answers = await Promise.all(
        Array.from({ length: CALLS }, (_, index) =>
          history.insist(
            url(index),
            "/api/v1/decisions",
            key,
            { session_id: session, ...burst.call(index) },
            { headers: { "idempotency-key": `${index}` } },
          ),
        ),
      );
      const decided = answers.map(({ body }) => Decided.parse(body));
      const allowed = decided.filter(({ verdict }) => verdict === "allow");
      const rest = decided.filter(({ verdict }) => verdict === burst.rest);
      expect([allowed.length, rest.length]).toEqual([burst.allow, CALLS - burst.allow]);

      // Half are reported, each twice and on both replicas; some cost more than was held, some less.
      const reports = allowed
        .filter((_, index) => index % 2 === 0)
        .flatMap((one, index) => [
          { one, index },
          { one, index },
        ]);
      const settled = await Promise.all(
        reports.map(({ one, index }, each) =>
          history.insist(url(each), `/api/v1/decisions/${one.decision_id}/outcome`, key, {
            outcome: "success",
            cost_usd: (index % 3) / 50,
          }),
        ),
      );
      expect(new Set(settled.map(({ status }) => status))).toEqual(new Set([201]));
      await sequence(workspaceId);
      expect(await checkInvariants(workspaceId, history.sent)).toEqual([]);
      expect(await outcomesOf(workspaceId)).toBe(reports.length / 2);
    },
  );
});

async function outcomesOf(workspaceId: string): Promise<number> {
  const owner = await connectOwner();
  const { rows } = await owner.query("SELECT count(*)::int AS n FROM outcomes WHERE workspace_id = $1", [workspaceId]);
  await owner.end();
  return z.object({ n: z.int() }).parse(rows[0]).n;
}

describe("stops under load", () => {
  const STOPS = 100;
  const CLIENTS = 8;
  const PAUSE_MS = 15;

  test(`T110 after each of ${STOPS} stops nothing is allowed until it is lifted`, { timeout: 120_000 }, async () => {
    const history = createHistory();
    const { token: admin, workspaceId } = await givenWorkspace();
    const { key, handle } = await givenAgent(url(0), admin);
    const people = [admin, await givenOperator(url(0), admin)];
    let running = true;
    const client = async (index: number) => {
      while (running) {
        await history.ask(url(index), "/api/v1/decisions", key, {
          session_id: `s-${randomUUID()}`,
          run_id: "r",
          ...read,
        });
        await sleep(PAUSE_MS);
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, index) => client(index));
    for (let count = 0; count < STOPS; count += 1) {
      const what = count % 2 === 0 ? { scope: "workspace" } : { scope: "agent", id: handle };
      const stopped = await history.ask(url(count >> 1), "/api/v1/stops", admin, { ...what, reason: "drill" });
      expect(stopped.status).toBe(201);
      await sleep(PAUSE_MS * 2);
      expect(await resumeStopAs(history, url(count), String(stopped.body["stop_id"]), people)).toBe(200);
      await sleep(PAUSE_MS * 2);
    }
    running = false;
    await Promise.all(clients);
    const verdicts = history.sent.flatMap(({ answer }) => answer["verdict"] ?? []);
    const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length;
    // Both halves of each drill were under load, or nothing was shown.
    expect(Math.min(count("allow"), count("halt"), count("deny"))).toBeGreaterThan(STOPS);
    await sequence(workspaceId);
    expect(await checkInvariants(workspaceId, history.sent)).toEqual([]);
  });
});

describe("changes under load", () => {
  const ROUNDS = 10;

  test("nothing commits by an old level, manifest or definition after the change has", {
    timeout: 120_000,
  }, async () => {
    const history = createHistory();
    const { token: admin, workspaceId } = await givenWorkspace();
    const { key, handle } = await givenAgent(url(0), admin);
    const other = { email: `second-${handle}@example.com`, name: "Second", roles: ["policy_admin"] };
    const { token: second } = await givenMember(url(0), admin, other);
    let running = true;
    const client = async (index: number) => {
      const write = { tool: "update_ticket_status", args: { status: "open" } };
      for (let count = 0; running; count += 1) {
        const call = { session_id: `s-${index}`, run_id: `r-${count}`, ...(count % 2 === 0 ? read : write) };
        await history.ask(url(index), "/api/v1/decisions", key, call);
      }
    };
    const clients = Array.from({ length: 6 }, (_, index) => client(index));
    const agent = `/api/v1/agents/${handle}`;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const manifest = supportManifest(handle, `execution:\n  max_steps: ${1_000 - round}\n`);
      const tool = {
        name: read.tool,
        reversibility: "read",
        blast_radius: "none",
        description: `Definition ${round}.`,
      };
      const answers = [
        await history.ask(url(0), `${agent}/level`, admin, { level: 2, reason: "" }, { method: "PUT" }),
        await history.ask(url(1), `${agent}/manifests?publish=true`, admin, { manifest }),
        await history.ask(url(0), "/api/v1/tools", admin, tool),
        await history.ask(url(1), `${agent}/level`, admin, { level: 3, reason: "" }, { method: "PUT" }),
        await history.ask(url(0), `${agent}/level`, second, { level: 3, reason: "" }, { method: "PUT" }),
        await history.ask(url(0), agent, admin, { status: "suspended" }, { method: "PATCH" }),
        await history.ask(url(1), agent, admin, { status: "active" }, { method: "PATCH" }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 201, 201, 202, 200, 200, 200]);
    }
    running = false;
    await Promise.all(clients);
    expect(history.sent.filter(({ answer }) => answer["verdict"] === "allow").length).toBeGreaterThan(ROUNDS);
    await sequence(workspaceId);
    expect(await checkInvariants(workspaceId, history.sent)).toEqual([]);
  });
});
