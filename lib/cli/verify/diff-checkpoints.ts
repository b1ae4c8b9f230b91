import { createFindings, exitCodeOf, type Finding } from "@/lib/core/ledger/finding";
import { isSigned, readClaim } from "@/lib/core/ledger/trust";
import type { VerifierKey } from "@/lib/core/ledger/verifier-key";
import { verifyEd25519 } from "@/lib/platform/ed25519";

/** What two checkpoints say of each other; `sentence` for people. */
export type CheckpointDiff = {
  readonly code: 0 | 1 | 2 | 3;
  readonly sentence: string;
  readonly findings: readonly Finding[];
};

/**
 * Compares checkpoints two people were given. One size and two roots is a fork: the log told them different histories.
 *
 * Different sizes say nothing by themselves; then a bundle shows, with the older one as `--since`.
 */
export function diffCheckpoints(notes: readonly [string, string], keys: readonly VerifierKey[]): CheckpointDiff {
  const findings = createFindings();
  const [one, other] = [readClaim(notes[0]), readClaim(notes[1])];
  if (one === null || other === null)
    return { code: 1, sentence: "One of the two is no checkpoint.", findings: findings.list };
  const trusted = keys.map((key) => ({ key, until: Number.POSITIVE_INFINITY }));
  for (const claim of [one, other]) isSigned(verifyEd25519, claim, trusted, findings);
  const code = exitCodeOf(findings);
  if (code !== 0)
    return { code, sentence: findings.list.map(({ message }) => message).join("\n"), findings: findings.list };
  const [a, b] = [one.says, other.says];
  if (a.origin !== b.origin) return { code: 2, sentence: "They are of different logs.", findings: findings.list };
  if (a.size !== b.size) {
    const sentence = `Sizes ${a.size} and ${b.size} cannot be compared without entries; verify a bundle --since the older one.`;
    return { code: 2, sentence, findings: findings.list };
  }
  if (a.root === b.root)
    return { code: 0, sentence: `Both say the same of ${a.size} entries.`, findings: findings.list };
  return { code: 1, sentence: `FORK: two histories of ${a.size} entries are signed.`, findings: findings.list };
}
