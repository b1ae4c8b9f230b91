import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { reviveDeadLetter } from "@/lib/data/dead-letters";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Has telemetry that could not be written tried again. What it held is written once, however often it is replayed.
 *
 * @throws {AppError} `forbidden` below administrator; `not_found` for one that is unknown or was replayed
 */
export async function replayDeadLetter(
  ctx: ServiceContext,
  input: { readonly id: string },
): Promise<{ readonly events: number }> {
  const { memberId } = requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const events = await reviveDeadLetter(tx, ctx.workspaceId, input.id, memberId);
    if (events === null) throw new AppError("not_found", "There is no such batch, or it was replayed already.");
    await record(tx, ctx, "ingest.replay", { dead_letter_id: input.id, events });
    return { events };
  });
}
