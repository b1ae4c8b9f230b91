import "server-only";

import type { ToldEvent } from "@/lib/core/runs/tell-events";
import { keyOf } from "@/lib/core/traces/tree";
import { findMetDecisions } from "@/lib/data/run-traces";

import type { ServiceContext } from "../context";
import { traceStore } from "../traces/stores";

/** The events of traces, each with the decision that its call met. */
export async function readTold(ctx: ServiceContext, traceIds: readonly string[]): Promise<readonly ToldEvent[]> {
  if (traceIds.length === 0) return [];
  const [met, ...stored] = await Promise.all([
    findMetDecisions(ctx.db, ctx.workspaceId, traceIds),
    ...traceIds.map((traceId) => traceStore.trace(ctx.workspaceId, traceId)),
  ]);
  return stored.flat().map((each): ToldEvent => {
    const { decision, differsFrom = null } = met.get(keyOf(each.event)) ?? {};
    return { ...each, decision, differsFrom };
  });
}
