import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { givenAgent, givenMember, givenWorkspace, type Registered, send, supportManifest } from "@/lib/testing/client";
import { type Served, startProcess } from "@/lib/testing/replicas";

// Whatever a viewer or another agent asks for, and however much of it: decisions and stops go on beside it.

/** Wide enough for a busy machine; without turns and threads one of these requests alone takes about as long. */
const WITHIN_MS = 8_000;
const DECISIONS = 40;

let served: Served;
let admin: string;
let viewer: string;
let agent: Registered;
let busy: Registered;

const withCommands = (handle: string) =>
  supportManifest(handle).replace('    - name: "update', '    - name: "run_command"\n    - name: "update');

beforeAll(async () => {
  served = await startProcess("lib/api/main.ts");
  const workspace = await givenWorkspace();
  admin = workspace.token;
  const person = { email: `viewer-${randomUUID()}@example.com`, name: "Vi", roles: ["viewer"] };
  viewer = (await givenMember(served.url, admin, person)).token;
  agent = await givenAgent(served.url, admin);
  busy = await givenAgent(served.url, admin, { manifest: withCommands });
}, 120_000);
afterAll(() => served.stop());

const long = "a b; ".repeat(3_000);
const decide = (key: string, call: object) =>
  send(served.url, "/api/v1/decisions", key, { session_id: `s-${randomUUID()}`, run_id: "r", ...call });
const download = async (target: string) => {
  const response = await fetch(new URL(target, served.url), { headers: { authorization: `Bearer ${viewer}` } });
  await response.text();
  return { status: response.status };
};

/** By what it does, one request of each kind that takes long. */
const FLOODS: Readonly<Record<string, () => Promise<{ readonly status: number }>>> = {
  lint: () =>
    send(served.url, `/api/v1/agents/${agent.handle}/manifests/lint`, viewer, { manifest: '"'.repeat(200_000) }),
  guardrail: () => send(served.url, "/api/v1/guardrails/check", viewer, { manifest: "[".repeat(200_000) }),
  plan: () =>
    send(served.url, "/api/v1/plans", busy.key, {
      session_id: "p",
      run_id: "r",
      calls: Array.from({ length: 60 }, () => ({ tool: "run_command", args: { command: long } })),
    }),
  question: () =>
    send(served.url, "/access/v1/evaluations", busy.key, {
      subject: { type: "agent", id: busy.handle },
      resource: { type: "x", id: "1" },
      evaluations: Array.from({ length: 50 }, () => ({
        action: { name: "run_command", properties: { command: long } },
      })),
    }),
  export: () => download("/api/v1/ledger/export"),
  bundle: () => download("/api/v1/ledger/bundle"),
  description: () => download("/api/openapi.json"),
};

describe("while others ask for what takes long", () => {
  test("decisions and stops are answered, and who asks for too much is told so", { timeout: 300_000 }, async () => {
    let running = true;
    const seen = new Map<string, Set<number>>();
    const floods = Object.entries(FLOODS).flatMap(([name, ask]) =>
      [1, 2].map(async () => {
        while (running) {
          const { status } = await ask().catch(() => ({ status: 0 }));
          seen.set(name, (seen.get(name) ?? new Set<number>()).add(status));
        }
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const took: number[] = [];
    const verdicts: unknown[] = [];
    for (let n = 0; n < DECISIONS; n += 1) {
      const began = performance.now();
      const { body } = await decide(agent.key, { tool: "read_customer_record", args: { customer_id: `C-${n}` } });
      took.push(performance.now() - began);
      verdicts.push(body["verdict"]);
    }
    const began = performance.now();
    const stop = { scope: "agent", id: agent.handle, reason: "drill" };
    expect((await send(served.url, "/api/v1/stops", admin, stop)).status).toBe(201);
    const stopTook = performance.now() - began;
    running = false;
    await Promise.all(floods);
    const median = took.toSorted((a, b) => a - b)[DECISIONS / 2];
    // A busy machine's 503 reads as a denial; it is no answer that had to wait.
    expect(verdicts.filter((verdict) => verdict === "allow").length).toBeGreaterThan(DECISIONS / 2);
    expect(median).toBeLessThan(WITHIN_MS);
    expect(stopTook).toBeLessThan(WITHIN_MS);
    const answers = [...seen].flatMap(([name, statuses]) => [...statuses].map((status) => ({ name, status })));
    expect(answers.filter(({ status }) => ![200, 422, 429].includes(status))).toEqual([]);
    expect([...(seen.get("bundle") ?? []), ...(seen.get("export") ?? [])]).toContain(429);
  });
});
