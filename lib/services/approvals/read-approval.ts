import "server-only";

import { approvalAnswer, type ApprovalAnswer, type Approving, approvingOf } from "@/lib/core/approvals/answer";
import { Display } from "@/lib/core/approvals/display";
import { effectView } from "@/lib/core/approvals/effect";
import { gateOf } from "@/lib/core/approvals/gate";
import { rulesOf } from "@/lib/core/approvals/rules";
import { stateAt } from "@/lib/core/approvals/schema";
import type { AgentId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import { isUuid } from "@/lib/core/shared/page";
import { findApproval, listVotes, type StoredApproval } from "@/lib/data/approvals";
import { creditLook } from "@/lib/data/attention";
import { findSettings } from "@/lib/data/workspaces";
import { env } from "@/lib/platform/env";

import { requireMember, type ServiceContext } from "../context";
import { readPolled } from "./approval-polls";

/**
 * One request as it stands: to the agent that asked, or to a person, who also gets what reviewers are shown and what
 * approving it by token takes.
 *
 * @throws {AppError} `not_found`, also for another agent's
 */
export async function readApproval(
  ctx: ServiceContext,
  id: string,
): Promise<ApprovalAnswer & { readonly display?: JsonObject; readonly approving?: Approving | null }> {
  const agent = ctx.actor.kind === "agent" ? ctx.actor : null;
  if (agent) return readOwn(ctx, agent.agentId, id);
  const { memberId, via } = requireMember(ctx);
  const stored = isUuid(id) ? await findApproval(ctx.db, ctx.workspaceId, id) : null;
  if (!stored) throw new AppError("not_found", "There is no such approval.");

  const votes = await listVotes(ctx.db, ctx.workspaceId, stored.approval.id);
  const reader = votes.some((vote) => vote.memberId === memberId) ? "voter" : "other";
  const answer = approvalAnswer(stored.approval, votes.length, reader, stored.now, env.PUBLIC_URL);
  const approving = via === "token" ? await approvingByToken(ctx, stored) : null;
  return { ...answer, display: stored.display, approving };
}

/** What an answer by token takes. Reading it begins the time that High asks for. */
async function approvingByToken(ctx: ServiceContext, { approval, display, now }: StoredApproval) {
  const { memberId } = requireMember(ctx);
  const shown = Display.safeParse(display);
  if (!shown.success || stateAt(approval, now) !== "waiting") return null;
  const rules = rulesOf(await findSettings(ctx.db, ctx.workspaceId));
  const gate = gateOf("approve", approval.band, "token", effectView(shown.data), rules);
  const look = { approvalId: approval.id, memberId, displayDigest: approval.displayDigest };
  if (gate.dwellSeconds > 0) await creditLook(ctx.db, ctx.workspaceId, look, true);
  return approvingOf(gate);
}

/** Agents wait in numbers, so what they read is read together. */
async function readOwn(ctx: ServiceContext, agentId: AgentId, id: string): Promise<ApprovalAnswer> {
  const polled = isUuid(id) ? await readPolled(ctx.workspaceId, id.toLowerCase()) : null;
  if (!polled || polled.agentId !== agentId) throw new AppError("not_found", "There is no such approval.");
  return approvalAnswer(polled, polled.votes, "agent", polled.now, env.PUBLIC_URL);
}
