import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { AcceptToolInput } from "@/lib/core/tools/item";
import { transact } from "@/lib/data/db";
import { activateTool } from "@/lib/data/tools";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes a quarantined tool into use, with the definition the person looked at.
 *
 * @throws {AppError} `forbidden` below policy administrator; `conflict` when it is not quarantined with this definition
 */
export async function acceptTool(ctx: ServiceContext, input: AcceptToolInput): Promise<void> {
  requireRole(ctx, "policy_admin");
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "policy_admin");
    const accepted = await activateTool(tx, ctx.workspaceId, input.name, input.hash);
    if (!accepted)
      throw new AppError("conflict", "This tool is not quarantined with the definition you saw. Look at it again.");
    await record(tx, ctx, "tool.accept", { tool: input.name, hash: input.hash });
  });
}
