import "server-only";

import type { LetAgentAskInput } from "@/lib/core/approvals/flood";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { endFlood } from "@/lib/data/floods";

import { agentOf } from "../agents/find-agent";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Ends the pause of an agent that asked for too much. What waits keeps waiting and still counts.
 *
 * @throws {AppError} `forbidden` unless reviewer or operator; `not_found`; `conflict` (`not_paused`) when it may ask already
 */
export async function letAgentAsk(ctx: ServiceContext, input: LetAgentAskInput): Promise<{ readonly agent: string }> {
  requireRole(ctx, "reviewer", "operator");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "reviewer", "operator");
    const { agentId, id } = await agentOf(tx, ctx.workspaceId, input.agent);
    const refused = await endFlood(tx, ctx.workspaceId, agentId);
    if (refused === null) throw new AppError("conflict", "This agent may ask already.", { reason: "not_paused" });
    await record(tx, ctx, "agent.asking_resumed", { agent: id, refused });
    return { agent: id };
  });
}
