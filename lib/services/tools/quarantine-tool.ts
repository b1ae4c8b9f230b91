import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { QuarantineToolInput } from "@/lib/core/tools/item";
import { transact } from "@/lib/data/db";
import { supersedeApprovals } from "@/lib/data/superseded";
import { holdTool } from "@/lib/data/tools";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Holds a tool: once this answers, no call of it is allowed until a person accepts its definition. Open requests for it
 * are closed.
 *
 * @throws {AppError} `forbidden` below operator; `conflict` when there is no active tool of this name
 */
export async function quarantineTool(
  ctx: ServiceContext,
  input: QuarantineToolInput,
): Promise<{ name: string; hash: string; status: "quarantined" }> {
  requireRole(ctx, "operator", "policy_admin");
  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "operator", "policy_admin");
    const hash = await holdTool(tx, ctx.workspaceId, input.name);
    if (hash === null)
      throw new AppError("conflict", "There is no active tool of this name.", { reason: "not_active" });
    const closed = await supersedeApprovals(tx, ctx.workspaceId, { tools: [input.name] });
    const details = { tool: input.name, hash, reason: input.reason, approvals_superseded: closed.length };
    await record(tx, ctx, "tool.quarantine", details);
    return { name: input.name, hash, status: "quarantined" };
  });
}
