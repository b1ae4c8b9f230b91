import "server-only";

import type { Tx } from "@/lib/data/db";
import { bumpWorkspaceEpoch, lockWorkspace } from "@/lib/data/stops";

import type { ServiceContext } from "./context";

/**
 * Makes what follows in this transaction visible to every decision that commits after it.
 *
 * Waits for decisions under way, holds back later ones until the transaction ends, and makes every cached policy of the
 * workspace stale. Call it before the first read that the change depends on, and keep what follows short.
 */
export async function barrier(tx: Tx, ctx: ServiceContext): Promise<void> {
  await lockWorkspace(tx, ctx.workspaceId);
  await bumpWorkspaceEpoch(tx, ctx.workspaceId);
}
