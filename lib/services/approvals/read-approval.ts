import "server-only";

import { approvalAnswer, type ApprovalAnswer } from "@/lib/core/approvals/answer";
import type { AgentId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import { isUuid } from "@/lib/core/shared/page";
import { findApproval, listVotes } from "@/lib/data/approvals";
import { env } from "@/lib/platform/env";

import { requireMember, type ServiceContext } from "../context";
import { readPolled } from "./approval-polls";

/**
 * One request as it stands: to the agent that asked, or to a person, who also gets what reviewers are shown.
 *
 * @throws {AppError} `not_found`, also for another agent's
 */
export async function readApproval(
  ctx: ServiceContext,
  id: string,
): Promise<ApprovalAnswer & { readonly display?: JsonObject }> {
  const agent = ctx.actor.kind === "agent" ? ctx.actor : null;
  if (agent) return readOwn(ctx, agent.agentId, id);
  const { memberId } = requireMember(ctx);
  const stored = isUuid(id) ? await findApproval(ctx.db, ctx.workspaceId, id) : null;
  if (!stored) throw new AppError("not_found", "There is no such approval.");

  const votes = await listVotes(ctx.db, ctx.workspaceId, stored.approval.id);
  const reader = votes.some((vote) => vote.memberId === memberId) ? "voter" : "other";
  const answer = approvalAnswer(stored.approval, votes.length, reader, stored.now, env.PUBLIC_URL);
  return { ...answer, display: stored.display };
}

/** Agents wait in numbers, so what they read is read together. */
async function readOwn(ctx: ServiceContext, agentId: AgentId, id: string): Promise<ApprovalAnswer> {
  const polled = isUuid(id) ? await readPolled(ctx.workspaceId, id.toLowerCase()) : null;
  if (!polled || polled.agentId !== agentId) throw new AppError("not_found", "There is no such approval.");
  return approvalAnswer(polled, polled.votes, "agent", polled.now, env.PUBLIC_URL);
}
