import "server-only";

import { v7 as uuidv7 } from "uuid";

import { stateOf } from "@/lib/core/advice/dismissal";
import type { DismissAdviceInput } from "@/lib/core/advice/schema";
import { AppError } from "@/lib/core/shared/errors";
import { findAdvice, insertDismissal } from "@/lib/data/advice";
import { transact } from "@/lib/data/db";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Dismisses advice with the reason. It comes back when it is worth twice what it is worth now.
 *
 * @throws {AppError} `forbidden` below operator; `not_found`; `conflict` where it is dismissed already
 */
export async function dismissAdvice(
  ctx: ServiceContext,
  { id, reason }: DismissAdviceInput,
): Promise<{ id: string; state: "dismissed" }> {
  requireRole(ctx, "operator");
  await transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "operator");
    const advice = await findAdvice(tx, ctx.workspaceId, id);
    if (advice === null) throw new AppError("not_found", "There is no such advice now.");
    if (stateOf(advice) === "dismissed") throw new AppError("conflict", "Somebody has dismissed it already.");
    await insertDismissal(tx, ctx.workspaceId, { id: uuidv7(), advice, reason, by: memberId, at: ctx.now });
    const { facts, month_picos, n } = advice;
    const details = { advice: id, kind: facts.kind, about: { ...facts }, month_picos, n, reason };
    await record(tx, ctx, "advice.dismiss", details, { advice: id });
  });
  return { id, state: "dismissed" };
}
