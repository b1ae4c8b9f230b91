import "server-only";

import type { DenyWaitingInput } from "@/lib/core/approvals/flood";
import { AppError } from "@/lib/core/shared/errors";
import { listWaitingIds } from "@/lib/data/floods";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";
import { castVote } from "./cast-vote";

const MOST = 25;

/**
 * Denies what one agent has waiting, one vote each, with one reason for all. At most 25 at once: more is a reason to
 * look. What somebody else decides meanwhile stays as they decided it.
 *
 * @throws {AppError} `forbidden` when this person may deny none of it; `not_found`
 */
export async function denyWaiting(
  ctx: ServiceContext,
  { agent, note }: DenyWaitingInput,
): Promise<{ readonly denied: number; readonly left: number }> {
  requireMember(ctx);
  const { agentId } = await agentOf(ctx.db, ctx.workspaceId, agent);
  const ids = await listWaitingIds(ctx.db, ctx.workspaceId, agentId, MOST + 1);
  let denied = 0;
  let refusal: AppError | null = null;
  for (const id of ids.slice(0, MOST)) {
    try {
      await castVote(ctx, { approval_id: id, verdict: "deny", note });
      denied += 1;
    } catch (error) {
      if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "forbidden")) throw error;
      refusal = error;
    }
  }
  if (denied === 0 && refusal !== null) throw refusal;
  return { denied, left: ids.length - denied };
}
