import "server-only";

import type { RestoreAdviceInput } from "@/lib/core/advice/schema";
import { AppError } from "@/lib/core/shared/errors";
import { endDismissal, findAdvice } from "@/lib/data/advice";
import { transact } from "@/lib/data/db";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Brings back advice that was dismissed.
 *
 * @throws {AppError} `forbidden` below operator; `not_found`; `conflict` where it is not dismissed
 */
export async function restoreAdvice(
  ctx: ServiceContext,
  { id }: RestoreAdviceInput,
): Promise<{ id: string; state: "open" }> {
  requireRole(ctx, "operator");
  await transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "operator");
    const advice = await findAdvice(tx, ctx.workspaceId, id);
    if (advice === null) throw new AppError("not_found", "There is no such advice now.");
    const ended = await endDismissal(tx, ctx.workspaceId, { advice, by: memberId, at: ctx.now });
    if (!ended) throw new AppError("conflict", "It is not dismissed.");
    const { facts } = advice;
    await record(tx, ctx, "advice.restore", { advice: id, kind: facts.kind, about: { ...facts } }, { advice: id });
  });
  return { id, state: "open" };
}
