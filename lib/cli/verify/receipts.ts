import type { Findings } from "@/lib/core/ledger/finding";
import { isPromisedBy, readReceipt, RECEIPT_PATTERN } from "@/lib/core/ledger/promise";
import type { TrustedKey } from "@/lib/core/ledger/trust";
import { SECOND_MS } from "@/lib/core/shared/time";
import { sha256, verifyEd25519 } from "@/lib/platform/ed25519";

/** How many receipts were held against the tree, and how many are too young to be in it. */
export type ReceiptsChecked = { readonly included: number; readonly notDue: number };

/** Within what time an entry must be in a signed tree. */
const MERGE_MS = 10 * SECOND_MS;

/** Every receipt in a text, whatever stands around it: answers as they were logged, or one receipt a line. */
export const receiptsIn = (text: string): readonly string[] => text.match(RECEIPT_PATTERN) ?? [];

/** Whether each receipt's entry is in the tree. `indexOf` knows leaves by hash, `until` is the last checkpoint's time. */
export function checkReceipts(
  receipts: readonly string[],
  tree: { readonly indexOf: ReadonlyMap<string, number>; readonly until: string },
  trusted: readonly TrustedKey[],
  findings: Findings,
): ReceiptsChecked {
  let [included, notDue] = [0, 0];
  for (const text of new Set(receipts)) {
    const receipt = readReceipt(sha256, text);
    const short = `${text.slice(0, 40)}…`;
    if (receipt === null) {
      findings.add("tampered", "bad_receipt", null, `The receipt ${short} cannot be read.`);
      continue;
    }
    const leaf = receipt.kind === "signed" ? receipt.promise.leaf : receipt.leaf;
    const index = tree.indexOf.get(leaf) ?? null;
    if (receipt.kind === "signed" && !trusted.some(({ key }) => isPromisedBy(verifyEd25519, key, receipt))) {
      const known = trusted.some(({ key }) => key.name === receipt.promise.log && key.id === receipt.promise.key);
      if (known) findings.add("tampered", "bad_receipt", index, `The signature of the receipt ${short} is wrong.`);
      else findings.add("unknown_key", "unknown_key", index, `UNKNOWN KEY: no trusted key signed the receipt ${short}`);
      continue;
    }
    if (index !== null) included += 1;
    else if (receipt.kind === "signed" && Date.parse(receipt.promise.at) > Date.parse(tree.until) - MERGE_MS)
      notDue += 1;
    else
      findings.add("incomplete", "missing_receipt", null, `MISSING receipt ${short}: no entry has its leaf ${leaf}.`);
  }
  return { included, notDue };
}
