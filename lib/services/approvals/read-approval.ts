import "server-only";

import { approvalAnswer, type ApprovalAnswer } from "@/lib/core/approvals/answer";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import { isUuid } from "@/lib/core/shared/page";
import { findApproval, listVotes } from "@/lib/data/approvals";
import { env } from "@/lib/platform/env";

import { requireMember, type ServiceContext } from "../context";

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
  if (!agent) requireMember(ctx);
  const stored = isUuid(id) ? await findApproval(ctx.db, ctx.workspaceId, id) : null;
  if (!stored || (agent && stored.approval.agentId !== agent.agentId))
    throw new AppError("not_found", "There is no such approval.");

  const votes = await listVotes(ctx.db, ctx.workspaceId, stored.approval.id);
  const reader = agent ? "agent" : votes.some(({ memberId }) => memberId === memberIdOf(ctx)) ? "voter" : "other";
  const answer = approvalAnswer(stored.approval, votes.length, reader, stored.now, env.PUBLIC_URL);
  return agent ? answer : { ...answer, display: stored.display };
}

const memberIdOf = ({ actor }: ServiceContext): string | null => (actor.kind === "member" ? actor.memberId : null);
