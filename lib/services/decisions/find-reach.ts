import "server-only";

import { type Reach, reachOf } from "@/lib/core/decisions/facets";
import type { Call } from "@/lib/core/decisions/schema";
import type { AgentId } from "@/lib/core/shared/brand";
import { SECOND_MS } from "@/lib/core/shared/time";
import { findRunArguments } from "@/lib/data/usage";

import type { ServiceContext } from "../context";
import { keptAnswers } from "./kept-answers";

/** A run of more calls than this reaches nobody knows how far, which counts at its worst. */
const MOST_CALLS = 200;

// A run only ever reaches further, so an answer that is a few seconds old can make a call look graver and never safer.
const kept = keptAnswers<Reach | null>({ ms: 5 * SECOND_MS, most: 5_000 });

/** How far the run of this call reached before it, at most five seconds ago. */
export function findReach(
  ctx: ServiceContext,
  agentId: AgentId,
  { session_id, run_id }: Pick<Call, "session_id" | "run_id">,
): Promise<Reach | null> {
  return kept(JSON.stringify([agentId, session_id, run_id]), async () => {
    const calls = await findRunArguments(ctx.db, ctx.workspaceId, agentId, { session_id, run_id, most: MOST_CALLS });
    return calls === null ? null : reachOf(calls);
  });
}
