import "server-only";

import { appendToFile } from "@/lib/clients/append-file";
import { sendWebhook } from "@/lib/clients/webhook";
import { type AnchorDestination, isAnchorDue } from "@/lib/core/ledger/destination";
import type { AnchorItem, CheckpointItem } from "@/lib/core/ledger/schema";
import { listAnchorRows, upsertAnchor } from "@/lib/data/ledger-anchors";
import { findCheckpoint } from "@/lib/data/ledger-checkpoints";
import { env } from "@/lib/platform/env";

import { requireRole, requireSystem, type ServiceContext } from "../context";

/** What a round came to, by destination. */
export type Anchored = { readonly items: readonly AnchorItem[]; readonly delivered: number; readonly failed: number };

/**
 * Tells the configured places outside this database what the log was when: whoever rewrites it later cannot unsay it.
 *
 * Each gets the latest checkpoint, which covers all before it. Delivered at least once; a receiver knows a repeated one
 * by its id, which is log and size.
 *
 * @param to the configured places, if not said
 * @param demand tells every destination now, whatever it was told before (for administrators)
 */
export async function anchorLedger(
  ctx: ServiceContext,
  { demand = false, to = configured() }: { readonly demand?: boolean; readonly to?: readonly AnchorDestination[] } = {},
): Promise<Anchored> {
  if (demand) requireRole(ctx, "admin");
  else requireSystem(ctx);
  const head = await findCheckpoint(ctx.db, ctx.workspaceId, "latest");
  const known = new Map((await listAnchorRows(ctx.db, ctx.workspaceId)).map((item) => [item.destination, item]));
  let [delivered, failed] = [0, 0];
  for (const destination of head ? to : []) {
    if (!head || !(demand || isAnchorDue(lastOf(known.get(destination.name)), head, ctx.now))) continue;
    const error = await tell(ctx, destination, head);
    await upsertAnchor(ctx.db, ctx.workspaceId, { destination: destination.name, size: head.size, error });
    if (error === null) delivered += 1;
    else failed += 1;
  }
  return { items: await listAnchorRows(ctx.db, ctx.workspaceId), delivered, failed };
}

/** From the environment: these places must not be changed by whoever can change the database. */
function configured(): readonly AnchorDestination[] {
  const { INTERLOCK_ANCHOR_FILE: path, INTERLOCK_ANCHOR_URL: url } = env;
  const secret = env.INTERLOCK_ANCHOR_SECRET ?? null;
  const allowPrivate = env.INTERLOCK_ALLOW_PRIVATE_DESTINATIONS;
  return [
    ...(path === undefined ? [] : [{ kind: "file", name: "file", path } as const]),
    ...(url === undefined
      ? []
      : [{ kind: "webhook", name: `webhook ${new URL(url).host}`, url, secret, allowPrivate } as const]),
  ];
}

const NEVER = { size: 0n, deliveredAt: null, attempts: 0, attemptedAt: null };

function lastOf(item: AnchorItem | undefined) {
  if (!item) return NEVER;
  return { size: item.size, deliveredAt: item.delivered_at, attempts: item.attempts, attemptedAt: item.attempted_at };
}

async function tell(ctx: ServiceContext, to: AnchorDestination, head: CheckpointItem): Promise<string | null> {
  try {
    if (to.kind === "file") await appendToFile(to.path, `${head.note}\n`);
    else {
      const data = {
        workspace: ctx.workspaceId,
        size: Number(head.size),
        root_hash: head.root_hash,
        checkpoint: head.note,
      };
      const body = JSON.stringify({ type: "ledger.checkpoint", timestamp: head.at.toISOString(), data });
      const id = `ckpt_${ctx.workspaceId}_${head.size}`;
      await sendWebhook(to, { id, body, at: ctx.now });
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "it could not be told";
  }
}
