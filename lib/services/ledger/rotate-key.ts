import "server-only";

import type { RotateKeyInput } from "@/lib/core/ledger/schema";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findActiveKey } from "@/lib/data/ledger-keys";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { requireNow } from "../require-now";
import { beginKey } from "./begin-key";
import { record } from "./record";
import { signerOf } from "./signer-cache";

/**
 * Puts a new signing key in force, signed for by the old one.
 *
 * @throws {AppError} `forbidden` below administrator; `conflict` (`key_unreadable`) when the old key cannot sign and
 *   the person did not say that it is lost
 */
export async function rotateKey(
  ctx: ServiceContext,
  input: RotateKeyInput,
): Promise<{ readonly verifier_key: string; readonly previous: string | null }> {
  requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "admin");
    const previous = await findActiveKey(tx, ctx.workspaceId);
    const lost = previous !== null && signerOf(previous) === null;
    if (lost && !input.lost) {
      throw new AppError(
        "conflict",
        "The key in force cannot be opened here, so it cannot sign for a new one. Say that it is lost to go on without: auditors must then pin the new key.",
        { reason: "key_unreadable" },
      );
    }
    const begun = await beginKey(tx, ctx, previous);
    await record(tx, ctx, "ledger.rotate", { ...begun, reason: input.reason });
    return { verifier_key: begun.key, previous: begun.previous };
  });
}
