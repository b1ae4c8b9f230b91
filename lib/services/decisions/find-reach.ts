import "server-only";

import { type Reach, reachOf } from "@/lib/core/decisions/facets";
import type { Call } from "@/lib/core/decisions/schema";
import type { AgentId } from "@/lib/core/shared/brand";
import { findRunArguments } from "@/lib/data/usage";

import type { ServiceContext } from "../context";

/** A run of more calls than this reaches nobody knows how far, which counts at its worst. */
const MOST_CALLS = 200;

/** How far the run of this call reached before it. */
export async function findReach(
  ctx: ServiceContext,
  agentId: AgentId,
  { session_id, run_id }: Pick<Call, "session_id" | "run_id">,
): Promise<Reach | null> {
  const calls = await findRunArguments(ctx.db, ctx.workspaceId, agentId, { session_id, run_id, most: MOST_CALLS });
  return calls === null ? null : reachOf(calls);
}
