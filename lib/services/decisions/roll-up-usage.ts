import "server-only";

import { spendDelta, usageDelta } from "@/lib/core/decisions/usage";
import { advanceUsage } from "@/lib/data/usage";

import { requireSystem, type ServiceContext } from "../context";
import { sha256Hex } from "./digests";

const BATCH = 500;
const MAX_BATCHES = 100;

/** Brings the counters of tool use up to date with what was decided and reported since the last time. */
export async function rollUpUsage(ctx: ServiceContext): Promise<{ readonly seen: number }> {
  requireSystem(ctx);
  let seen = 0;
  for (let batch = 1; batch <= MAX_BATCHES; batch += 1) {
    const count = await advanceUsage(ctx.db, ctx.workspaceId, {
      batch: BATCH,
      summarise: (calls) => usageDelta(calls, sha256Hex),
      summariseSpend: spendDelta,
    });
    seen += count;
    if (count < BATCH) break;
  }
  return { seen };
}
