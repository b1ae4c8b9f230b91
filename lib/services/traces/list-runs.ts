import "server-only";

import { cursorId, type Page } from "@/lib/core/shared/page";
import type { RunFilter, RunItem } from "@/lib/core/traces/schema";
import { listRunItems } from "@/lib/data/traces";

import { requireMember, type ServiceContext } from "../context";

/** Runs, newest first, each with its session and what was decided in it. */
export async function listRuns(ctx: ServiceContext, filter: RunFilter): Promise<Page<RunItem>> {
  requireMember(ctx);
  return listRunItems(ctx.db, ctx.workspaceId, { ...filter, cursor: cursorId(filter.cursor) });
}
