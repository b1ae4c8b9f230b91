import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { givenAgent, givenWorkspace, send, supportManifest } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
let admin: string;
let key: string;
let url: string;

beforeAll(async () => {
  replicas = await startReplicas(1);
  url = replicas.urls[0] ?? "";
  admin = (await givenWorkspace()).token;
  const manifest = (handle: string) => supportManifest(handle, "execution: { max_steps: 20, max_cost_usd: 1 }\n");
  key = (await givenAgent(url, admin, { manifest })).key;
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});

type Planned = { readonly verdict: string; readonly rule: string | null; readonly rollback: unknown };

const read = { tool: "read_customer_record", args: { customer_id: "C-1" } };
const email = { tool: "send_customer_email", args: { to: "a@example.com" } };
const plan = (run: string, calls: readonly object[]) =>
  send(url, "/api/v1/plans", key, { session_id: "s-1", run_id: run, calls });
const plannedOf = (body: Record<string, unknown>) => body["calls"] as readonly Planned[];

describe("POST /api/v1/plans", () => {
  test("shows the step at which a run of twenty would be halted, the real steps included, and consumes none", async () => {
    const { status, body } = await plan(
      "r-1",
      Array.from({ length: 22 }, () => read),
    );
    expect({ status, ok: body["ok"], first: body["first_refused"] }).toEqual({ status: 200, ok: false, first: 20 });
    expect(
      plannedOf(body)
        .slice(19)
        .map(({ verdict, rule }) => [verdict, rule]),
    ).toEqual([
      ["allow", "tools.allowed[0]"],
      ["halt", "execution.max_steps"],
      ["halt", "run.halted"],
    ]);
    const made = await send(url, "/api/v1/decisions", key, { session_id: "s-1", run_id: "r-1", ...read });
    expect(made.body).toMatchObject({ verdict: "allow", remaining: { steps: 19 } });
    expect(
      (
        await plan(
          "r-1",
          Array.from({ length: 20 }, () => read),
        )
      ).body,
    ).toMatchObject({ first_refused: 19 });
  });

  test("counts what the calls before would have done, and what was done really", async () => {
    const more = `sequences:
  - {name: read then write, after: {tool: read_customer_record}, then: {tool: update_ticket_status}, within: run, decide: deny}
  - {name: reads, count: {tool: read_customer_record, over: 3}, within: session, decide: require_approval}
`;
    const own = await givenAgent(url, admin, { manifest: (handle) => supportManifest(handle, more) });
    const write = { tool: "update_ticket_status", args: { status: "open" } };
    const asked = (calls: readonly object[]) =>
      send(url, "/api/v1/plans", own.key, { session_id: "s-9", run_id: "r-9", calls });
    const verdicts = async (calls: readonly object[]) => plannedOf((await asked(calls)).body).map((one) => one.verdict);
    expect(await verdicts([write, read, write])).toEqual(["allow", "allow", "deny"]);
    expect(await verdicts([read, read, read, read])).toEqual(["allow", "allow", "allow", "require_approval"]);
    await send(url, "/api/v1/decisions", own.key, { session_id: "s-9", run_id: "r-9", ...read });
    expect(await verdicts([write])).toEqual(["deny"]);
    expect(await verdicts([read, read, read])).toEqual(["allow", "allow", "require_approval"]);
  });

  test("adds up what the calls reserve", async () => {
    const calls = Array.from({ length: 4 }, () => ({ ...read, estimate: { cost_usd: 0.3 } }));
    expect((await plan("r-2", calls)).body).toMatchObject({ allowed: 3, refused: 1, first_refused: 3 });
  });

  test("says how each call would be undone", async () => {
    const undo = (tool: string) => ({ ...read, rollback: { tool, args: {} } });
    const { body } = await plan("r-3", [
      undo("read_customer_record"),
      undo("send_customer_email"),
      undo("nothing"),
      email,
    ]);
    expect(plannedOf(body).map(({ rollback }) => rollback)).toMatchObject([
      { verdict: "allow", catalogued: true, needs_approval: false },
      { verdict: "require_approval", catalogued: true, needs_approval: true },
      { verdict: "deny", catalogued: false, needs_approval: false },
      null,
    ]);
    expect(body).toMatchObject({ ok: true, need_approval: 1, first_refused: null });
  });

  test("makes no decision and no approval, and leaves one entry in the ledger", async () => {
    await plan("r-4", [email]);
    expect((await send(url, "/api/v1/approvals?state=waiting", admin)).body).toMatchObject({ items: [] });
    const entries = await send(url, "/api/v1/ledger?kind=plan.check", admin);
    expect(entries.body["items"]).toContainEqual(expect.objectContaining({ kind: "plan.check" }));
  });

  test("takes no more than a hundred calls and no fewer than one", async () => {
    expect((await plan("r-5", [])).status).toBe(400);
    expect(
      (
        await plan(
          "r-5",
          Array.from({ length: 101 }, () => read),
        )
      ).status,
    ).toBe(400);
    expect((await plan("r-5", [{ ...read, approval_id: "x" }])).status).toBe(400);
  });
});
