import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";

import { checkInvariants, sequence } from "../invariants";
import { connectOwner } from "../owner";
import { type Replicas, startReplicas } from "../replicas";
import { anyCommands } from "./commands";
import { type Expected, expectNothing } from "./expected";
import { WIDE } from "./operators";
import { givenWorld, type World } from "./world";

const owner = await connectOwner();
let replicas: Replicas;

beforeAll(async () => {
  replicas = await startReplicas(2);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
  await owner.end();
});

const RunRow = z.object({ name: z.string(), steps: z.int(), micros: z.coerce.number(), halted: z.boolean() });
const StateRow = z.object({ id: z.string(), state: z.string() });

/** What is there in the end, in the model's words. */
async function found({ workspaceId }: World) {
  const runs = await owner.query(
    "SELECT external_id AS name, steps, cost_micros AS micros, state = 'halted' AS halted FROM runs WHERE workspace_id = $1",
    [workspaceId],
  );
  const approvals = await owner.query(
    `SELECT id, CASE WHEN state IN ('waiting', 'approved') AND expires_at <= clock_timestamp() THEN 'expired' ELSE state END AS state
     FROM approvals WHERE workspace_id = $1`,
    [workspaceId],
  );
  return {
    runs: new Map(
      RunRow.array()
        .parse(runs.rows)
        .map(({ name, ...run }) => [name, run]),
    ),
    approvals: new Map(
      StateRow.array()
        .parse(approvals.rows)
        .map(({ id, state }) => [id, state]),
    ),
  };
}

const expected = ({ runs, approvals }: Expected) => ({
  runs: new Map([...runs].map(([name, { steps, micros, isHalted }]) => [name, { steps, micros, halted: isHalted }])),
  approvals: new Map(approvals.map(({ id, state }) => [id, state])),
});

describe("two replicas and a model of one page", () => {
  const runs = inject("modelRuns");

  test(`agree after every command, and no invariant breaks in ${runs} sequences`, {
    timeout: 20_000 + runs * 4_000,
  }, async () => {
    const property = fc.asyncProperty(anyCommands(25), async (commands) => {
      const model = expectNothing(WIDE);
      const world = await givenWorld(replicas.urls, owner, WIDE);
      await fc.asyncModelRun(() => ({ model, real: world }), commands);
      expect(await found(world)).toEqual(expected(model));
      await sequence(world.workspaceId);
      expect(await checkInvariants(world.workspaceId, world.history.sent)).toEqual([]);
    });
    // A failure prints its seed and path; the time limit ends the shrinking of one, never the search for one unseen.
    await fc.assert(property, {
      numRuns: runs,
      interruptAfterTimeLimit: 15_000 + runs * 3_500,
      markInterruptAsFailure: true,
    });
  });
});
