import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { ResetDependencyInput } from "@/lib/core/tools/dependency";
import { transact } from "@/lib/data/db";
import { endFailures } from "@/lib/data/dependencies";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Closes a dependency's breaker by hand: its failures are forgotten, and calls that commit after it count from none.
 *
 * @throws {AppError} `forbidden` below operator; `conflict` (`not_failing`) when it did not fail since it last succeeded
 */
export async function resetDependency(
  ctx: ServiceContext,
  { name, reason }: ResetDependencyInput,
): Promise<{ name: string; failures: number }> {
  requireRole(ctx, "operator");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "operator");
    const ended = await endFailures(tx, ctx.workspaceId, name);
    if (ended === null)
      throw new AppError("conflict", `No call to ${name} has failed since the last one that succeeded.`, {
        reason: "not_failing",
      });
    const { failures, since } = ended;
    const details = { dependency: name, failures, since: since.toISOString(), reason };
    await record(tx, ctx, "dependency.reset", details, { dependency: name });
    return { name, failures };
  });
}
