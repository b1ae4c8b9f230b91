import "server-only";

import { runRange } from "@/lib/core/runs/filter";
import type { RunFilter, RunItem } from "@/lib/core/runs/schema";
import { cursorId, type Page } from "@/lib/core/shared/page";
import { listRunItems } from "@/lib/data/runs";

import { requireMember, type ServiceContext } from "../context";

/** Runs, newest first, each with its session and what was decided in it. */
export async function listRuns(ctx: ServiceContext, filter: RunFilter): Promise<Page<RunItem>> {
  requireMember(ctx);
  const range = runRange(filter, ctx.now);
  return listRunItems(ctx.db, ctx.workspaceId, { ...filter, range, cursor: cursorId(filter.cursor) });
}
