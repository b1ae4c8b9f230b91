import "server-only";

import type { LedgerKeyItem } from "@/lib/core/ledger/schema";
import { listKeyRows, type StoredKey } from "@/lib/data/ledger-keys";

import { requireMember, type ServiceContext } from "../context";
import { signerOf } from "./signer-cache";

/** Whether new checkpoints and receipts are signed here, and every key there ever was, oldest first. */
export type LedgerKeys = { readonly signing: "ok" | "no_key" | "unreadable"; readonly items: readonly LedgerKeyItem[] };

/** Public halves only. */
export async function listKeys(ctx: ServiceContext): Promise<LedgerKeys> {
  requireMember(ctx);
  const items = (await listKeyRows(ctx.db, ctx.workspaceId)).map((row) => ({
    verifier_key: row.verifierKey,
    state: stateOf(row),
    created_at: row.createdAt,
    retired_at: row.retiredAt,
  }));
  const active = items.find((item) => item.state !== "retired");
  return { signing: active === undefined ? "no_key" : active.state === "active" ? "ok" : "unreadable", items };
}

function stateOf(row: StoredKey): LedgerKeyItem["state"] {
  if (row.retiredAt !== null) return "retired";
  return signerOf(row) === null ? "unreadable" : "active";
}
