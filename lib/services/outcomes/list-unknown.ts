import "server-only";

import type { UnknownExecution } from "@/lib/core/decisions/execution";
import { listUnknownExecutions } from "@/lib/data/executions";

import { requireMember, type ServiceContext } from "../context";

const MOST = 100;

/** Allowed calls of which nobody knows whether they ran, the oldest first: a person has to find out. */
export async function listUnknown(ctx: ServiceContext): Promise<{ readonly items: readonly UnknownExecution[] }> {
  requireMember(ctx);
  return { items: await listUnknownExecutions(ctx.db, ctx.workspaceId, MOST) };
}
