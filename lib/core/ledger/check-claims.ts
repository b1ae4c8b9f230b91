import type { Findings } from "./finding";
import type { Hash } from "./merkle";
import { type ClaimedCheckpoint, isSigned, type TrustedKey } from "./trust";
import type { VerifyEd25519 } from "./verifier-key";

/** A tree that was built anew from entries, and what checkpoints claim of it, the smallest first. */
export type RebuiltTree = {
  readonly size: number;
  /** Roots at the sizes that checkpoints name. */
  readonly rootAt: ReadonlyMap<number, Hash>;
  readonly claims: readonly ClaimedCheckpoint[];
};

/**
 * Holds every checkpoint against the rebuilt tree: its root, its size, its signature.
 *
 * That all their roots come out of one tree is their consistency: each is then a prefix of the next.
 *
 * @returns how many entries a trusted signature covers
 */
export function checkClaims(
  verify: VerifyEd25519,
  { claims, rootAt, size: built }: RebuiltTree,
  trusted: readonly TrustedKey[],
  findings: Findings,
): number {
  let [from, signed] = [0, 0];
  for (const claim of claims) {
    const size = Number(claim.says.size);
    const rebuilt = rootAt.get(size);
    if (rebuilt === undefined) {
      const message = `TRUNCATED size ${built} < ${size}: a checkpoint covers more entries than there are.`;
      findings.add("incomplete", "truncated", built, message);
    } else if (rebuilt !== claim.says.root) {
      const message = `The entries from ${from} to ${size - 1} do not give the root of the checkpoint of size ${size}.`;
      findings.add("tampered", "wrong_root", size - 1, message);
    }
    if (isSigned(verify, claim, trusted, findings) && rebuilt === claim.says.root) signed = Math.max(signed, size);
    from = size;
  }
  if (signed < built)
    findings.add("incomplete", "unsigned_tail", signed, `No trusted checkpoint covers the entries from ${signed} on.`);
  return signed;
}
