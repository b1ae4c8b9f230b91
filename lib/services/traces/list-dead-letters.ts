import "server-only";

import type { DeadLetter } from "@/lib/core/traces/dead-letter";
import { listDeadLetterRows } from "@/lib/data/dead-letters";

import { requireMember, type ServiceContext } from "../context";

const MOST_SHOWN = 100;

/** Telemetry that could not be written and waits for somebody to replay it, newest first. */
export async function listDeadLetters(ctx: ServiceContext): Promise<readonly DeadLetter[]> {
  requireMember(ctx);
  return listDeadLetterRows(ctx.db, ctx.workspaceId, MOST_SHOWN);
}
