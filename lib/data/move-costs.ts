import "server-only";

import type pg from "pg";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { countEvents } from "@/lib/core/traces/count-events";
import type { Repriced } from "@/lib/core/traces/repriced-cost";
import type { StoredCost } from "@/lib/core/traces/stored-event";

import { moveSpend } from "./spend-writes";
import { COUNT_HOURS, hourColumns } from "./trace-wire";
import { arrayOf } from "./wire";

/**
 * Moves every count by what new prices of events change, in the transaction that stores the prices. The caller holds the
 * lock of the workspace's events.
 */
export async function moveCosts(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  repriced: readonly Repriced[],
): Promise<void> {
  if (repriced.length === 0) return;
  const before = repriced.map(({ stored }) => stored);
  const after = repriced.map(({ stored, cost }) => ({ ...stored, cost }));
  await moveSpend(client, workspaceId, { before, after });
  for (const [events, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    const counts = countEvents(events.map((stored) => ({ stored, keptAt: 0n })));
    await client.query(COUNT_HOURS.query({ p_workspace: workspaceId, ...hourColumns(counts, sign) }));
  }
  await client.query("SELECT trace_costs_move($1, $2::bytea[], $3::text[], $4::bigint[])", [
    workspaceId,
    arrayOf(
      "bytea",
      before.map(({ event }) => Buffer.from(event.traceId, "hex")),
    ),
    arrayOf(
      "text",
      repriced.map(({ stored, cost }) => String(countedPicos(cost) - countedPicos(stored.cost))),
    ),
    arrayOf(
      "int8",
      repriced.map(({ stored, cost }) => unpricedOf(cost) - unpricedOf(stored.cost)),
    ),
  ]);
}

/** What a cost adds to sums: an unknown one adds nothing and is counted as unknown. */
export const countedPicos = (cost: StoredCost): bigint =>
  cost.status === "unpriced" || cost.picos === null ? 0n : BigInt(cost.picos);
const unpricedOf = (cost: StoredCost): number => (cost.status === "unpriced" ? 1 : 0);
