import { beforeAll, describe, expect, test } from "vitest";

import { DeskQuery } from "@/lib/core/approvals/schema";
import { givenApproval } from "@/lib/testing/approval";
import { approveHigh } from "@/lib/testing/review";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { listApprovals } from "./list-approvals";
import { listDesk } from "./list-desk";
import { showApproval } from "./show-approval";
import { withdrawApproval } from "./withdraw-approval";

let tenant: Tenant;
let dri: Person;
let ada: Person;
let bob: Person;
const ids: Record<string, string> = {};

const desk = (who: Person, query: object = {}) => listDesk(who, DeskQuery.parse(query));
const idsOf = (page: { items: readonly { id: string }[] }) => page.items.map((item) => item.id);

beforeAll(async () => {
  tenant = await givenTenant();
  dri = await tenant.person("reviewer");
  ada = await tenant.person("reviewer");
  bob = await tenant.person("reviewer");
  const low = await givenApproval(tenant, { dri, band: "low" });
  const { agentId } = low;
  const high = await givenApproval(tenant, { dri, band: "high", quorum: 2, agentId });
  const urgent = await givenApproval(tenant, { dri, expiresInMs: 45_000, agentId });
  const expired = await givenApproval(tenant, { dri, expiresInMs: -1_000, agentId });
  const withdrawn = await givenApproval(tenant, { dri, agentId });
  await withdrawApproval(withdrawn.agent, withdrawn.id);
  await approveHigh(bob, high, "checked the recipient");
  Object.assign(ids, { low: low.id, high: high.id, urgent: urgent.id, expired: expired.id, withdrawn: withdrawn.id });
});

describe("listDesk", () => {
  test("orders what waits by harm and time left", async () => {
    const { items, lanes, more } = await desk(ada);
    expect(idsOf({ items })).toEqual([ids["urgent"], ids["high"], ids["low"]]);
    expect(lanes).toEqual({ critical: 0, high: 1, elevated: 1, low: 1, others: 0 });
    expect(more).toBe(0);
    expect(idsOf(await desk(ada, { band: "high" }))).toEqual([ids["high"]]);
  });

  test("what one has answered or may not answer waits on others", async () => {
    expect(idsOf(await desk(bob))).toEqual([ids["urgent"], ids["low"]]);
    expect(idsOf(await desk(bob, { state: "others" }))).toEqual([ids["high"]]);
    const own = await desk(dri, { state: "others" });
    expect(own.items.every((item) => item.own)).toBe(true);
    expect(own.lanes).toEqual({ critical: 0, high: 0, elevated: 0, low: 0, others: 3 });
  });

  test("the history tells expired from withdrawn before any job has run", async () => {
    const states = (await desk(ada, { state: "history" })).items.map((item) => [item.id, item.state]);
    expect(states).toEqual([
      [ids["withdrawn"], "withdrawn"],
      [ids["expired"], "expired"],
    ]);
    expect(idsOf(await desk(ada, { state: "expired" }))).toEqual([ids["expired"]]);
    expect(idsOf(await desk(bob, { state: "mine" }))).toEqual([ids["high"]]);
  });
});

describe("showApproval", () => {
  test("an independent review sees nothing of the first", async () => {
    const id = ids["high"] ?? "";
    expect((await showApproval(ada, id)).votes).toEqual([]);
    const own = await showApproval(bob, id);
    expect(own.votes).toHaveLength(1);
    expect(own.may.voted).toBe("approve");
  });

  test("says what the agent's own DRI may and may not do", async () => {
    const { may, intact, record, similar, chain } = await showApproval(dri, ids["low"] ?? "");
    expect(may.approve).toMatch(/somebody else must approve/);
    expect(may.deny).toBeNull();
    expect(intact).toBe(true);
    expect(record).toMatchObject({ asked: 5, expired: 1 });
    expect(similar).toEqual([]);
    expect(chain).toMatchObject({ steps: 1, entries: [{ kind: "step", step: { step: 1, current: true } }] });
  });

  test("there is nothing of another workspace", async () => {
    const stranger = await (await givenTenant()).person("reviewer", "admin");
    await expect(showApproval(stranger, ids["low"] ?? "")).rejects.toMatchObject({ code: "not_found" });
    expect((await desk(stranger, { state: "history" })).items).toEqual([]);
  });
});

test("the API's list answers states as of now, in pages", async () => {
  const first = await listApprovals(ada, { limit: 2 });
  expect(first.items).toHaveLength(2);
  const second = await listApprovals(ada, { limit: 2, cursor: first.next ?? undefined });
  expect(second.items.map((item) => item.id)).not.toContain(first.items[0]?.id);
  expect((await listApprovals(ada, { limit: 50, state: "waiting" })).items).toHaveLength(3);
});
