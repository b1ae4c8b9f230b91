import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";

import { checkInvariants, sequence } from "../invariants";
import { connectOwner } from "../owner";
import { type Replicas, startReplicas } from "../replicas";
import { READ } from "./expected";
import { WIDE } from "./operators";
import { bodyOf, givenWorld, type World } from "./world";

const owner = await connectOwner();
let replicas: Replicas;

beforeAll(async () => {
  replicas = await startReplicas(2);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
  await owner.end();
});

const Decided = z.looseObject({ decision_id: z.string(), verdict: z.string() });
const CALLS = [0, 1, 2] as const;
const HELD = 5;
const COSTS = [3, 5, 9] as const;

type Delivery = { readonly what: "outcome" | "repeat" | "call"; readonly of: number };

// Everything twice, and a new call among them that is itself delivered twice.
const DELIVERIES: readonly Delivery[] = [
  ...CALLS.flatMap((of): Delivery[] => [
    { what: "outcome", of },
    { what: "outcome", of },
    { what: "repeat", of },
  ]),
  { what: "call", of: 3 },
  { what: "call", of: 3 },
];

/** What is left of all of it, without ids and times. */
async function left({ workspaceId }: World) {
  const ask = async (text: string) => (await owner.query(text, [workspaceId])).rows;
  return {
    runs: await ask(
      "SELECT external_id, state, steps, allowed, cost_micros FROM runs WHERE workspace_id = $1 ORDER BY 1",
    ),
    budgets: await ask("SELECT metric, limit_amount, used, reserved, overrun FROM budgets WHERE workspace_id = $1"),
    outcomes: await ask("SELECT outcome, cost_micros FROM outcomes WHERE workspace_id = $1 ORDER BY 2"),
    executions: await ask("SELECT state, reserved_micros FROM executions WHERE workspace_id = $1 ORDER BY 1, 2"),
    entries: await ask("SELECT kind, count(*) FROM ledger_entries WHERE workspace_id = $1 GROUP BY 1 ORDER BY 1"),
  };
}

async function afterDelivering(order: readonly Delivery[], isTogether: boolean) {
  const world = await givenWorld(replicas.urls, owner, WIDE);
  const call = (of: number, replica: number) =>
    world.ask(
      replica,
      "/api/v1/decisions",
      world.key,
      bodyOf({ tool: READ, arg: `C-${of}`, run: "r1", cents: HELD, draft: 0 }),
      {
        headers: { "idempotency-key": `k-${of}` },
      },
    );
  const ids: string[] = [];
  for (const of of CALLS) ids.push(Decided.parse((await call(of, of)).body).decision_id);
  const deliver = async ({ what, of }: Delivery, replica: number) => {
    if (what !== "outcome") return call(of, replica);
    const report = { outcome: "success", cost_usd: (COSTS[of] ?? 0) / 100 };
    return world.ask(replica, `/api/v1/decisions/${ids[of]}/outcome`, world.key, report);
  };
  const statuses: number[] = [];
  if (isTogether) statuses.push(...(await Promise.all(order.map(deliver))).map(({ status }) => status));
  else for (const [index, delivery] of order.entries()) statuses.push((await deliver(delivery, index)).status);
  expect(statuses.filter((status) => status !== 200 && status !== 201)).toEqual([]);
  await sequence(world.workspaceId);
  expect(await checkInvariants(world.workspaceId, world.history.sent)).toEqual([]);
  return left(world);
}

describe("deliveries", () => {
  test("in any order, twice and at once end in the same state (15)", { timeout: 120_000 }, async () => {
    const wanted = await afterDelivering(DELIVERIES, false);
    const anyOrder = fc.shuffledSubarray([...DELIVERIES], { minLength: DELIVERIES.length });
    const property = fc.asyncProperty(anyOrder, fc.boolean(), async (order, isTogether) => {
      expect(await afterDelivering(order, isTogether)).toEqual(wanted);
    });
    await fc.assert(property, { numRuns: Math.ceil(inject("modelRuns") / 5), endOnFailure: true });
  });
});
