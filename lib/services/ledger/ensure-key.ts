import "server-only";

import { transact } from "@/lib/data/db";
import { findActiveKey } from "@/lib/data/ledger-keys";

import { barrier } from "../barrier";
import { requireSystem, type ServiceContext } from "../context";
import { beginKey } from "./begin-key";
import { record } from "./record";
import { signerOf } from "./signer-cache";

/**
 * Makes the workspace's first signing key if it has none.
 *
 * A key that is there and cannot be opened is left alone: replacing it is a person's decision.
 */
export async function ensureKey(ctx: ServiceContext): Promise<{ readonly state: "usable" | "unreadable" }> {
  requireSystem(ctx);
  const known = await findActiveKey(ctx.db, ctx.workspaceId);
  if (known) return { state: signerOf(known) ? "usable" : "unreadable" };
  return transact(ctx.db, async (tx) => {
    // Every process reads its key with its policies, so they must be read again.
    await barrier(tx, ctx);
    if (!(await findActiveKey(tx, ctx.workspaceId))) {
      await record(tx, ctx, "ledger.rotate", await beginKey(tx, ctx, null));
    }
    return { state: "usable" };
  });
}
