import { base64Of } from "@/lib/core/shared/base64";

import { bytesOf, type Hash } from "./merkle";

/** An inclusion proof that can be kept beside the thing it proves: C2SP tlog-proof, `.tlog-proof` as a file. */
export function proofText(index: bigint, proof: readonly Hash[], note: string): string {
  const hashes = proof.map((hash) => `${base64Of(bytesOf(hash))}\n`).join("");
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes}\n${note}`;
}
