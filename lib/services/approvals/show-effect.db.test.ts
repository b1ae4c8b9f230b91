import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { givenApproval } from "@/lib/testing/approval";
import { connectOwner } from "@/lib/testing/owner";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { readPart } from "./read-part";
import { showApproval } from "./show-approval";

let tenant: Tenant;
let dri: Person;
let ada: Person;
const owner = await connectOwner();

beforeAll(async () => {
  tenant = await givenTenant();
  dri = await tenant.person("reviewer");
  ada = await tenant.person("reviewer");
});
afterAll(() => owner.end());

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: `Contact ${id}` }));
const givenRows = (count: number) =>
  givenApproval(tenant, { dri, call: { effect: { kind: "rows", before: rows(count) } } });
const wanted = (id: string, more: object = {}) => ({ id, part: "rows", from: 0, count: 200, find: "", ...more });

describe("readPart", () => {
  test("gives any lines of a long effect, and those in which a text stands", async () => {
    const { id } = await givenRows(2_500);
    const end = await readPart(ada, wanted(id, { from: 2_400 }));
    expect(end).toMatchObject({ from: 2_400, total: 2_500 });
    expect(end.body.kind === "rows" && end.body.rows.at(-1)?.line).toBe(2_500);
    expect((await readPart(ada, wanted(id, { find: "contact 249" }))).total).toBe(11);
  });

  test("there is nothing of another workspace, of another part, for no member", async () => {
    const { id, agent } = await givenRows(3);
    const other = await (await givenTenant()).person("reviewer");
    await expect(readPart(other, wanted(id))).rejects.toMatchObject({ code: "not_found" });
    await expect(readPart(ada, wanted(id, { part: "lines" }))).rejects.toMatchObject({ code: "not_found" });
    await expect(readPart(ada, wanted("x"))).rejects.toMatchObject({ code: "not_found" });
    await expect(readPart(agent, wanted(id))).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("the replayed run", () => {
  test("of 2,000 steps is short, names what was refused, and is there at once", async () => {
    const { id } = await givenApproval(tenant, { dri });
    const { rows: found } = await owner.query("SELECT decision_id FROM approvals WHERE id = $1", [id]);
    const { decision_id: decisionId } = found[0];
    await owner.query(
      `INSERT INTO decisions (id, workspace_id, agent_id, session_id, run_id, call_id, step, tool, tool_hash, action_digest, call, salt,
         verdict, rule, reasons, checks, risk, facts, remaining, created_at)
       SELECT ($2::uuid[])[n], d.workspace_id, d.agent_id, d.session_id, d.run_id, n::text, n - 2000,
         CASE WHEN n % 500 = 0 THEN 'delete_customer_record' ELSE 'read_' || n % 5 END, 'h', d.action_digest,
         jsonb_build_object('args', jsonb_build_object('customer_id', 'C-1', 'pad', repeat('x', 2000)), 'context', '[]'::jsonb,
           'rationale', jsonb_build_object('goal', 'tidy up')), '',
         CASE WHEN n % 500 = 0 THEN 'deny' ELSE 'allow' END, 'tools.blocked[0]',
         CASE WHEN n % 500 = 0 THEN '[{"code":"tool_blocked","message":"It is blocked.","path":"/tools/blocked/0"}]'::jsonb ELSE '[]' END,
         '[]', '{}', '{}', '{}', d.created_at
       FROM decisions d, generate_series(1, 2000) n WHERE d.id = $1`,
      [decisionId, Array.from({ length: 2_000 }, (_, n) => uuidv7({ msecs: Date.now() - 3_600_000 + n }))],
    );
    await showApproval(ada, id); // once, so that connections and plans are there
    const started = performance.now();
    const { chain } = await showApproval(ada, id);
    const took = performance.now() - started;
    expect(chain.refused).toMatchObject([
      { tool: "delete_customer_record", count: 4, answer: "denied", rule: "tools.blocked[0]" },
    ]);
    expect(chain.request).toMatchObject({ task: "Answers customers", goal: "tidy up" });
    expect(chain.entries.length).toBeLessThan(80);
    const last = chain.entries.at(-1);
    expect(last?.kind === "step" && last.step.current).toBe(true);
    expect(took).toBeLessThan(2_000); // a tenth of it on a machine that does nothing else
  });
});

test("T21: a request that a newer one replaced shows what the newer one changed", async () => {
  const older = await givenRows(3);
  const newer = await givenRows(5);
  expect((await showApproval(ada, older.id)).change).toBeNull();
  await owner.query(
    "UPDATE approvals SET state = 'superseded', settled_at = clock_timestamp(), superseded_by = $2 WHERE id = $1",
    [older.id, newer.id],
  );
  const { change } = await showApproval(ada, older.id);
  expect(change).toMatchObject({ successorId: newer.id, diff: { headline: "3 → 5 rows" } });
  expect(change?.diff.parts[0]).toMatchObject({ id: "diff-touched", summary: "2 rows: 2 removed" });
});
