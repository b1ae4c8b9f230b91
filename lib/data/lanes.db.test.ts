import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { DeskQuery } from "@/lib/core/approvals/schema";
import { listDesk } from "@/lib/services/approvals/list-desk";
import { takeBatch } from "@/lib/services/approvals/take-batch";
import { connectOwner } from "@/lib/testing/owner";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { fillWaiting } from "@/lib/testing/waiting-actions";

import { transact } from "./db";
import { Prisma } from "./generated/client";
import { COUNTED, countLanes, freeActionsSql, laneCountSql } from "./lanes";

const WAITING = 5_000;

let tenant: Tenant;
let mara: Person;

beforeAll(async () => {
  tenant = await givenTenant();
  const dri = await tenant.person("reviewer");
  mara = await tenant.person("reviewer");
  const { workspaceId } = tenant;
  const fill = { workspaceId, driId: dri.actor.memberId, count: WAITING, agents: 50 };
  // A desk that has been in use: what is over stays in the table for good.
  const past = await fillWaiting(tenant.system.db, fill);
  const owner = await connectOwner();
  await owner.query("UPDATE approvals SET state = 'expired', settled_at = now() WHERE id = ANY ($1::uuid[])", [past]);
  await fillWaiting(tenant.system.db, fill);
  await owner.query("VACUUM (ANALYZE) approvals, leases, votes, agents");
  await owner.end();
}, 120_000);

type PlanNode = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Index Name"?: string | undefined;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
};
const PlanNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Index Name": z.string().optional(),
    "Actual Rows": z.number(),
    "Actual Loops": z.number(),
    "Rows Removed by Filter": z.number().optional(),
    Plans: z.array(PlanNode).optional(),
  }),
);
const Explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: PlanNode })]) })]);

/** How the database really ran a query, as the application: every step that read requests. */
async function readsOf(sql: Prisma.Sql): Promise<readonly PlanNode[]> {
  const rows = await transact(mara.db, (tx) => tx.$queryRaw(Prisma.sql`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`));
  const [{ "QUERY PLAN": plan }] = Explained.parse(rows);
  const all: PlanNode[] = [];
  const visit = (node: PlanNode) => {
    all.push(node);
    for (const child of node.Plans ?? []) visit(child);
  };
  visit(plan[0].Plan);
  return all.filter((node) => node["Relation Name"] === "approvals");
}

const touched = (node: PlanNode) =>
  (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
const voter = () => ({ id: mara.actor.memberId, roles: mara.actor.roles, disabled: false, ...alone(mara) });
const alone = ({ actor: { memberId } }: Person) => ({
  personId: memberId,
  answersFor: [memberId],
  oneWith: [memberId],
});

describe(`with ${WAITING.toLocaleString("en-US")} waiting`, () => {
  test("what can be taken is found along two indexes, a hundred a band and not more", async () => {
    const reads = await readsOf(freeActionsSql(tenant.workspaceId, voter()));
    expect(reads.map((node) => node["Node Type"])).not.toContain("Seq Scan");
    expect(new Set(reads.map((node) => node["Index Name"]))).toEqual(
      new Set(["approvals_desk_score", "approvals_desk_due"]),
    );
    expect(reads.reduce((sum, node) => sum + touched(node), 0)).toBeLessThanOrEqual(8 * 55);
  });

  test("lanes are counted in an index, each to a thousand, and say when there are more", async () => {
    const reads = await readsOf(laneCountSql(tenant.workspaceId, voter()));
    expect(reads.map((node) => node["Node Type"])).toEqual(reads.map(() => "Index Only Scan"));
    for (const node of reads) expect(touched(node)).toBeLessThanOrEqual(4 * (COUNTED + 1) + 4);
    const { lanes, cut } = await countLanes(mara.db, tenant.workspaceId, voter());
    expect(lanes).toEqual({ critical: 625, high: 1_000, elevated: 1_000, low: 1_000, others: 0 });
    expect(cut).toEqual(["low", "elevated", "high", "others"]);
  });

  test("a desk names the next seven, and a batch holds them", async () => {
    const { take } = await listDesk(mara, DeskQuery.parse({}));
    const { approval_ids: ids } = await takeBatch(mara, {});
    const held = await listDesk(mara, DeskQuery.parse({ item: ids[0] }));
    expect(take).toBe(7);
    expect(held.items.map((item) => item.id)).toEqual(ids);
  });
});
