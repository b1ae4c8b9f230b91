import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { ConfirmRecoveryInput, WorkspaceStage } from "@/lib/core/workspaces/stop";
import { transact } from "@/lib/data/db";
import { findStage, setStage } from "@/lib/data/stops";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * The last step back from a stop of the workspace: from reads alone to everything its manifests allow.
 *
 * @throws {AppError} `forbidden` below operator; `conflict` (`not_recovering`) while it is stopped and when it runs already
 */
export async function confirmRecovery(ctx: ServiceContext, input: ConfirmRecoveryInput): Promise<WorkspaceStage> {
  requireRole(ctx, "operator");
  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "operator");
    const { stage, since } = await findStage(tx, ctx.workspaceId);
    if (stage !== "reads_only") {
      const message = stage === "stopped" ? "The workspace is stopped. Two people have to resume it first." : RUNS;
      throw new AppError("conflict", message, { reason: "not_recovering" });
    }
    await setStage(tx, ctx.workspaceId, "running");
    await record(tx, ctx, "workspace.recover", { note: input.note, reads_only_since: since.toISOString() });
    return findStage(tx, ctx.workspaceId);
  });
}

const RUNS = "The workspace runs already.";
