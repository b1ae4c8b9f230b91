import { v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, test } from "vitest";

import { HistoryQuery } from "@/lib/core/approvals/history";
import { transact } from "@/lib/data/db";
import { listHistoryRows } from "@/lib/data/approval-history";
import { type GivenApproval, givenApproval } from "@/lib/testing/approval";
import { connectOwner } from "@/lib/testing/owner";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { answerAudit } from "./answer-audit";
import { castVote } from "./cast-vote";
import { exportHistory } from "./export-history";
import { readRegretNews, seeRegretNews } from "./regret-news";
import { revokeApproval } from "./revoke-approval";
import { sampleAudit } from "./sample-audit";
import { showApproval } from "./show-approval";

let tenant: Tenant;
let dri: Person;
let reviewer: Person;

beforeAll(async () => {
  tenant = await givenTenant();
  dri = await tenant.person("operator");
  reviewer = await tenant.person("reviewer");
});

const approve = (given: GivenApproval) =>
  castVote(reviewer, { approval_id: given.id, verdict: "approve", display_digest: given.digest });

/** The commit's part, as far as it matters here: the call came and used the approval. */
async function consume(given: GivenApproval): Promise<string> {
  const decisionId = uuidv7();
  await transact(tenant.system.db, async (tx) => {
    await tx.$executeRaw`UPDATE approvals SET state = 'consumed', consumed_by = ${decisionId}::uuid WHERE id = ${given.id}::uuid`;
    await tx.$executeRaw`UPDATE grants SET consumed_at = clock_timestamp(), consumed_by = ${decisionId}::uuid WHERE approval_id = ${given.id}::uuid`;
  });
  return decisionId;
}

describe("an approval that nothing has used", () => {
  test("is taken back with its grant, by name and in the ledger, and the agent reads why", async () => {
    const given = await givenApproval(tenant, { dri });
    await approve(given);
    await revokeApproval(reviewer, { approval_id: given.id, note: "wrong customer" });
    const { approval, after } = await showApproval(reviewer, given.id);
    expect(approval).toMatchObject({ state: "withdrawn", note: "wrong customer" });
    expect(after.revoked).toMatchObject({ by: "Test reviewer", note: "wrong customer" });
    const owner = await connectOwner();
    const grants = await owner.query("SELECT 1 FROM grants WHERE approval_id = $1", [given.id]);
    const entries = await owner.query(
      "SELECT body::jsonb -> 'actor' ->> 'id' AS who FROM ledger_entries WHERE kind = 'approval.revoke' AND body::jsonb -> 'details' ->> 'approval_id' = $1",
      [given.id],
    );
    await owner.end();
    expect(grants.rows).toEqual([]);
    expect(entries.rows).toEqual([{ who: reviewer.actor.memberId }]);
  });

  test.each(["used", "waiting", "expired", "taken back"] as const)(
    "cannot be taken back when it is %s",
    async (state) => {
      const given = await givenApproval(tenant, { dri, ...(state === "expired" && { expiresInMs: -1 }) });
      if (state === "used" || state === "taken back") await approve(given);
      if (state === "used") await consume(given);
      if (state === "taken back") await revokeApproval(reviewer, { approval_id: given.id });
      await expect(revokeApproval(reviewer, { approval_id: given.id })).rejects.toMatchObject({ code: "conflict" });
    },
  );

  test("is not taken back by those who may neither decide nor stop, nor from another workspace", async () => {
    const given = await givenApproval(tenant, { dri });
    await approve(given);
    const viewer = await tenant.person("viewer");
    await expect(revokeApproval(viewer, { approval_id: given.id })).rejects.toMatchObject({ code: "forbidden" });
    const stranger = await (await givenTenant()).person("admin");
    await expect(revokeApproval(stranger, { approval_id: given.id })).rejects.toMatchObject({ code: "not_found" });
    expect((await showApproval(reviewer, given.id)).approval.state).toBe("approved");
  });

  test("taken back and used at once: exactly one happens", async () => {
    const given = await givenApproval(tenant, { dri });
    await approve(given);
    const use = transact(tenant.system.db, async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM approvals WHERE id = ${given.id}::uuid FOR UPDATE`;
      return tx.$executeRaw`UPDATE approvals SET state = 'consumed', consumed_by = ${uuidv7()}::uuid WHERE id = ${given.id}::uuid AND state = 'approved'`;
    });
    const [used, back] = await Promise.allSettled([use, revokeApproval(reviewer, { approval_id: given.id })]);
    const happened = Number(used.status === "fulfilled" && used.value === 1) + Number(back.status === "fulfilled");
    expect(happened).toBe(1);
  });
});

test("an approver is told once that what they approved was rolled back; nobody else is", async () => {
  const given = await givenApproval(tenant, { dri });
  await approve(given);
  const decisionId = await consume(given);
  await transact(
    tenant.system.db,
    (tx) => tx.$executeRaw`INSERT INTO regrets (decision_id, workspace_id, agent_id, tool, cause, created_at)
      VALUES (${decisionId}::uuid, ${tenant.workspaceId}::uuid, ${given.agentId}::uuid, 'send_customer_email', 'rolled_back', clock_timestamp())`,
  );
  expect(await readRegretNews(dri)).toEqual([]);
  expect((await readRegretNews(reviewer)).map((news) => news.approvalId)).toEqual([given.id]);
  expect((await showApproval(dri, given.id)).after.regret).toMatchObject({ cause: "rolled_back" });
  await seeRegretNews(reviewer, decisionId);
  await seeRegretNews(reviewer, decisionId);
  expect(await readRegretNews(reviewer)).toEqual([]);
});

describe("the history", () => {
  const found = async (query: object) =>
    (
      await listHistoryRows(reviewer.db, tenant.workspaceId, reviewer.actor.memberId, HistoryQuery.parse(query), 500)
    ).map((row) => row.id);

  test("is found by words of the headline, by ids, by people and by days, in every state but waiting", async () => {
    const [denied, waiting] = [await givenApproval(tenant, { dri }), await givenApproval(tenant, { dri })];
    const mara = await tenant.person("reviewer", "viewer");
    await castVote(mara, { approval_id: denied.id, verdict: "deny", note: "=1+1" });
    expect(await found({ text: "customer send" })).toContain(denied.id);
    expect(await found({ text: "customer send" })).not.toContain(waiting.id);
    expect(await found({ text: "customer nothing" })).not.toContain(denied.id);
    expect(await found({ text: denied.id })).toEqual([denied.id]);
    expect(await found({ text: "%" })).toEqual([]);
    expect(await found({ person: mara.email })).toEqual([denied.id]);
    expect(await found({ person: "nobody of that name" })).toEqual([]);
    const day = new Date().toISOString().slice(0, 10);
    expect(await found({ from: day, to: day, person: mara.email })).toEqual([denied.id]);
    expect(await found({ to: "2020-01-01" })).toEqual([]);
    expect(await found({ state: "expired", person: mara.email })).toEqual([]);

    let file = "";
    for await (const piece of exportHistory(reviewer, HistoryQuery.parse({ person: mara.email }))) file += piece;
    expect(file).toContain(`person,${mara.email}`);
    const line = file.split("\r\n").find((text) => text.startsWith(denied.id)) ?? "";
    expect(line).toContain("denied");
    expect(line).toContain(",'=1+1"); // a spreadsheet reads no formula
  });

  test("expired is neither denied nor withdrawn", async () => {
    const given = await givenApproval(tenant, { dri, expiresInMs: -1 });
    expect(await found({ state: "expired" })).toContain(given.id);
    expect(await found({ state: "denied" })).not.toContain(given.id);
    expect(await found({ state: "withdrawn" })).not.toContain(given.id);
  });

  test("is not read from another workspace", async () => {
    const stranger = await (await givenTenant()).person("admin");
    let file = "";
    for await (const piece of exportHistory(stranger, HistoryQuery.parse({}))) file += piece;
    expect(file.split("\r\n").filter((line) => /^[0-9a-f]{8}-/.test(line))).toEqual([]);
  });
});

describe("calls that ran unasked", () => {
  const ran = async (verdict: "allow" | "deny") => {
    const given = await givenApproval(tenant, { dri });
    const id = uuidv7();
    await transact(
      tenant.system.db,
      (tx) => tx.$executeRaw`
      INSERT INTO decisions (id, workspace_id, agent_id, session_id, run_id, call_id, step, tool, tool_hash, action_digest, call, salt, verdict, reasons,
        checks, risk, facts, remaining, created_at)
      SELECT ${id}::uuid, workspace_id, agent_id, session_id, run_id, 'ran', 2, tool, tool_hash, action_digest, call, salt, ${verdict}, '[]', '[]',
        '{"score": 1, "band": "low", "factors": []}', '{}', '{"steps": 1, "seconds": 1, "cost_micros": 1}', clock_timestamp() FROM decisions WHERE approval_id = ${given.id}::uuid`,
    );
    return id;
  };

  test("are drawn by chance, the same for the same seed, and only those", async () => {
    const allowed = await Promise.all(Array.from({ length: 8 }, () => ran("allow")));
    await ran("deny");
    const one = uuidv7();
    const drawn = (await sampleAudit(reviewer, one)).map(({ decision }) => decision.id);
    expect(drawn).toHaveLength(5);
    expect(allowed).toEqual(expect.arrayContaining(drawn));
    expect((await sampleAudit(reviewer, one)).map(({ decision }) => decision.id)).toEqual(drawn);
  });

  test("are answered for once a person, and an answer is evidence in the ledger", async () => {
    const id = await ran("allow");
    await answerAudit(reviewer, { decision_id: id, answer: "should_have_asked" });
    await expect(answerAudit(reviewer, { decision_id: id, answer: "fine" })).rejects.toMatchObject({
      code: "conflict",
    });
    await answerAudit(dri, { decision_id: id, answer: "fine" });
    const denied = await ran("deny");
    await expect(answerAudit(reviewer, { decision_id: denied, answer: "fine" })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});
