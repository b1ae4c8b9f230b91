import "server-only";

import type { ErasePayloadInput } from "@/lib/core/decisions/erasure";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { erasePayload as erase, lockPayload } from "@/lib/data/payloads";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Erases what a decision was about, for good. That it was made, by which rule and with what verdict stays in the
 * ledger, and every proof stays valid: the entry holds a salted commitment, which without its salt tells nothing.
 *
 * Erasing twice is erasing once.
 *
 * @throws {AppError} `forbidden` below administrator; `not_found`; `conflict` (`still_open`) while people decide on it
 */
export async function erasePayload(ctx: ServiceContext, input: ErasePayloadInput): Promise<{ readonly erased: true }> {
  const { memberId } = requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const state = await lockPayload(tx, ctx.workspaceId, input.decisionId);
    if (state === "unknown") throw new AppError("not_found", "There is no such decision.");
    if (state === "open") {
      throw new AppError("conflict", "People are still to decide on this call, or it is still to be made.", {
        reason: "still_open",
      });
    }
    if (state === "erased") return { erased: true };
    await erase(tx, ctx.workspaceId, { decisionId: input.decisionId, by: memberId, reason: input.reason });
    await record(tx, ctx, "payload.erase", { decision_id: input.decisionId, reason: input.reason });
    return { erased: true };
  });
}
