import "server-only";

import { promiseMessage, signedReceipt, unsignedReceipt } from "@/lib/core/ledger/promise";
import type { JsonObject } from "@/lib/core/shared/json";
import { counter } from "@/lib/platform/metrics";

import { leafHash } from "../decisions/digests";
import { cachedSigner } from "./signer-cache";

const unsigned = counter(
  "interlock_receipts_unsigned_total",
  "Receipts given without a signature: no key could be used.",
);

/**
 * What the agent keeps: our signed promise that the ledger will hold this decision's entry.
 *
 * Synchronous, on the way of every answer: the key was read with the policy. Without one the decision stands and the
 * receipt says that it is unsigned.
 */
export function receiptOf(entry: JsonObject): string {
  const leaf = leafHash(entry);
  const signer = cachedSigner(String(entry["workspace"]));
  if (signer === null) {
    unsigned.inc();
    return unsignedReceipt(leaf);
  }
  const promise = {
    log: signer.key.name,
    key: signer.key.id,
    decision: String(entry["id"]),
    leaf,
    at: String(entry["at"]),
  };
  return signedReceipt(promise, signer.sign(promiseMessage(promise)));
}
