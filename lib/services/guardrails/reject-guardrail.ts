import "server-only";

import type { GuardrailVersionInput } from "@/lib/core/guardrails/versions";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { settleGuardrail } from "@/lib/data/guardrails";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes a proposed version off the table. Saying no needs no second person, and the author may withdraw it.
 *
 * @throws {AppError} `forbidden`, `conflict` when it is not pending
 */
export async function rejectGuardrail(
  ctx: ServiceContext,
  input: GuardrailVersionInput & { readonly reason?: string | undefined },
): Promise<{ version: number; status: "rejected" }> {
  const { memberId } = requireRole(ctx, "policy_admin", "admin");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "policy_admin", "admin");
    const settled = await settleGuardrail(tx, ctx.workspaceId, input.version, { state: "rejected", by: memberId });
    if (!settled) throw new AppError("conflict", `Version ${input.version} is not waiting.`, { reason: "not_pending" });
    await record(tx, ctx, "guardrail.reject", {
      version: input.version,
      ...(input.reason !== undefined && { reason: input.reason }),
    });
    return { version: input.version, status: "rejected" } as const;
  });
}
