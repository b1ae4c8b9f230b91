import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { HOUR_MS } from "@/lib/core/shared/time";
import { transact } from "@/lib/data/db";
import { findDestination, replaceSecret } from "@/lib/data/destinations";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { makeWebhookSecret, OVERLAP_HOURS, sealFor } from "./secrets";

/**
 * Makes a new secret for a webhook, which only this answer shows. For a day each message is signed with both.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`; `unprocessable` for another kind
 */
export async function rotateSecret(
  ctx: ServiceContext,
  { destination }: { destination: string },
): Promise<{ readonly secret: string }> {
  requireRole(ctx, "admin");
  const secret = makeWebhookSecret();
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const found = await findDestination(tx, ctx.workspaceId, destination, { lock: true });
    if (!found) throw new AppError("not_found", "There is no such destination.");
    if (found.kind !== "webhook") throw new AppError("unprocessable", "Only webhooks have a secret of ours.");
    const beforeUntil = new Date(ctx.now.getTime() + OVERLAP_HOURS * HOUR_MS);
    await replaceSecret(tx, ctx.workspaceId, found.id, { sealed: sealFor(found.id, secret), beforeUntil });
    await record(tx, ctx, "destination.rotate", { destination: found.id, before_until: beforeUntil.toISOString() });
  });
  return { secret };
}
