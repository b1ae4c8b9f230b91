import "server-only";

import type { VersionInput } from "@/lib/core/manifests/versions";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { settleVersion } from "@/lib/data/manifests";

import { agentOf } from "../agents/find-agent";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes a proposed version off the table. Saying no needs no second person, and the author may withdraw it.
 *
 * @throws {AppError} `forbidden`, `not_found`, `conflict` when it is not pending
 */
export async function rejectManifest(
  ctx: ServiceContext,
  input: VersionInput & { readonly reason?: string | undefined },
): Promise<{ agent_id: string; version: number; status: "rejected" }> {
  const { memberId } = requireRole(ctx, "policy_admin", "admin");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "policy_admin", "admin");
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    const settled = await settleVersion(tx, ctx.workspaceId, agent.agentId, input.version, {
      state: "rejected",
      by: memberId,
    });
    if (!settled) throw new AppError("conflict", `Version ${input.version} is not waiting.`, { reason: "not_pending" });
    await record(tx, ctx, "manifest.reject", {
      agent: agent.id,
      version: input.version,
      ...(input.reason !== undefined && { reason: input.reason }),
    });
    return { agent_id: agent.id, version: input.version, status: "rejected" } as const;
  });
}
