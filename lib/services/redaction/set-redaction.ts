import "server-only";

import { loosenings, type SetRedactionInput, type ShownRedaction } from "@/lib/core/redaction/settings";
import { asJson } from "@/lib/core/shared/as-json";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findRedaction, insertRedaction } from "@/lib/data/redaction";
import { findSettings } from "@/lib/data/workspaces";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Changes how the workspace redacts what arrives from now on. The ledger says what is kept that was not before.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `conflict` when somebody changed it meanwhile
 */
export async function setRedaction(
  ctx: ServiceContext,
  { version, settings }: SetRedactionInput,
): Promise<ShownRedaction> {
  requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "admin");
    await findSettings(tx, ctx.workspaceId, { lock: true }); // one at a time
    const before = await findRedaction(tx, ctx.workspaceId);
    if (before.version !== version) {
      throw new AppError("conflict", "Somebody changed these settings meanwhile. Reload the page and try again.", {
        reason: "stale_version",
      });
    }
    const after = { version: version + 1, settings };
    await insertRedaction(tx, ctx.workspaceId, after.version, settings, memberId);
    const loosens = [...loosenings(before.settings, settings)];
    await record(
      tx,
      ctx,
      "redaction.set",
      { before: asJson(before), after: asJson(after), loosens },
      { version: after.version },
    );
    return after;
  });
}
