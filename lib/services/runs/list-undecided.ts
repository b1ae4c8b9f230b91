import "server-only";

import { runRange } from "@/lib/core/runs/filter";
import type { RunFilter, UndecidedTrace } from "@/lib/core/runs/schema";
import { listUndecidedTraces } from "@/lib/data/runs";

import { requireMember, type ServiceContext } from "../context";

/** Traces in whose run no call was decided, the latest first: what agents did and spent without asking. */
export async function listUndecided(ctx: ServiceContext, filter: RunFilter): Promise<readonly UndecidedTrace[]> {
  requireMember(ctx);
  return listUndecidedTraces(ctx.db, ctx.workspaceId, { ...filter, range: runRange(filter, ctx.now) });
}
