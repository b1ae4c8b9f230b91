import "server-only";

import { batchReceipts, unsignedReceipt } from "@/lib/core/ledger/promise";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { sha256 } from "@/lib/platform/ed25519";
import { counter } from "@/lib/platform/metrics";

import { leafHash } from "../decisions/digests";
import { cachedSigner } from "./signer-cache";

const unsigned = counter(
  "interlock_receipts_unsigned_total",
  "Receipts given without a signature: no key could be used.",
);

/** A decision's entry in its canonical text, as it is stored. */
export type PromisedEntry = { readonly decision: string; readonly body: string };

/**
 * What agents keep: our signed promise that the ledger will hold these entries, one signature for a batch.
 *
 * Synchronous, on the way of every answer: the key was read with the policy. Without one the decisions stand and the
 * receipts say that they are unsigned.
 */
export function receiptsOf(workspaceId: WorkspaceId, at: string, entries: readonly PromisedEntry[]): readonly string[] {
  const promised = entries.map(({ decision, body }) => ({ decision, leaf: leafHash(body) }));
  const signer = cachedSigner(workspaceId);
  if (signer !== null)
    return batchReceipts(sha256, { log: signer.key.name, key: signer.key.id, at }, promised, signer.sign);
  unsigned.inc(promised.length);
  return promised.map(({ leaf }) => unsignedReceipt(leaf));
}
