import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { isJsonObject, type JsonObject } from "@/lib/core/shared/json";

import { leafOfEntry } from "./append-entries";
import type { AuditProof, LeafItem } from "./audit-answers";
import { checkClaims } from "./check-claims";
import { readCheckpoint } from "./checkpoint";
import { createFindings, exitCodeOf, type Finding, type Findings } from "./finding";
import { append, EMPTY_FRONTIER, type Hash, rootOf, type Sha256 } from "./merkle";
import { openNote } from "./note";
import { verifyInclusion } from "./proof";
import { type ClaimedCheckpoint, readClaim, readRotation, type TrustedKey, trustedKeys } from "./trust";
import { readVerifierKey, type VerifierKey, type VerifyEd25519 } from "./verifier-key";

/** What the server claims of its log: every checkpoint it signed and every key it has had, oldest first. */
export type AuditClaims = { readonly notes: readonly string[]; readonly keys: readonly string[] };

/** What to hold against it besides. Without a pinned key the log's own first is believed, which proves less. */
export type AuditQuestion = {
  readonly pinned: VerifierKey | null;
  /** The proof that the server gives for the chosen entry; null when it gave none. */
  readonly proof: AuditProof | null;
};

/** What came of it. `code` as the command's: 0 all is well, 1 tampered, 2 incomplete, 3 no trusted key signed it. */
export type AuditReport = {
  readonly code: 0 | 1 | 2 | 3;
  readonly size: number;
  readonly root: Hash;
  readonly checkpoints: number;
  /** How many entries a trusted signature covers. */
  readonly signedSize: number;
  readonly key: string | null;
  readonly pinned: boolean;
  /** The entry whose inclusion proof was followed, if one was. */
  readonly proved: number | null;
  readonly findings: readonly Finding[];
  readonly found: number;
};

/** A log as it is rebuilt from its entries, one by one. */
export type Audit = {
  /** How many entries the last checkpoint claims. */
  readonly claimed: number;
  readonly size: number;
  add(item: LeafItem): void;
  /** May be asked again: it changes nothing. */
  judge(verify: VerifyEd25519, question: AuditQuestion): AuditReport;
};

type Change = { readonly details: JsonObject; readonly index: number };
type Chosen = { readonly leaf: Hash; readonly text: string };

/**
 * Begins to rebuild a log. The same checks as on an auditor's machine, without those of each verdict.
 *
 * @param chosen the index of the entry whose inclusion proof will be followed
 */
export function createAudit(sha256: Sha256, claims: AuditClaims, chosen: number | null): Audit {
  const read = claims.notes.map(readClaim);
  const known = read.filter((claim) => claim !== null).toSorted((a, b) => (a.says.size < b.says.size ? -1 : 1));
  const sizes = new Set(known.map(({ says }) => Number(says.size)));
  const rootAt = new Map<number, Hash>();
  const changes: Change[] = [];
  const early = createFindings();
  let frontier = EMPTY_FRONTIER;
  let kept: Chosen | null = null;
  if (known.length < read.length) early.add("tampered", "malformed", null, "One of the checkpoints is none.");
  checkOrder(known, early);

  return {
    claimed: Number(known.at(-1)?.says.size ?? 0),
    get size() {
      return Number(frontier.size);
    },
    add({ index, leaf_hash, entry }) {
      const place = Number(frontier.size);
      const leaf = leafOfEntry(sha256, entry);
      if (index !== place)
        early.add("tampered", "wrong_index", place, `The entry at place ${place} says that it is ${index}.`);
      if (leaf !== leaf_hash)
        early.add("tampered", "changed_entry", place, `Entry ${place} does not have the hash beside it.`);
      const details = entry["details"];
      if (entry["kind"] === "ledger.rotate" && isJsonObject(details)) changes.push({ details, index: place });
      if (place === chosen) kept = { leaf, text: canonicalJson(entry) };
      frontier = append(sha256, frontier, leaf);
      if (sizes.has(place + 1)) rootAt.set(place + 1, rootOf(sha256, frontier));
    },
    judge(verify, { pinned, proof }) {
      const findings = createFindings();
      for (const { severity, code, index, message } of early.list) findings.add(severity, code, index, message);
      const rotations = changes.flatMap(
        ({ details, index }) => readRotation({ sha256, verify }, details, index, findings) ?? [],
      );
      const root = pinned ?? readVerifierKey(sha256, claims.keys[0] ?? "");
      const trusted = trustedKeys(root ? [root] : [], rotations);
      const size = Number(frontier.size);
      const signedSize = checkClaims(verify, { size, rootAt, claims: known }, trusted, findings);
      const proved = checkProof({ sha256, verify, trusted, rootAt, chosen, kept }, proof, findings);
      return {
        code: exitCodeOf(findings),
        size,
        root: rootOf(sha256, frontier),
        checkpoints: known.length,
        signedSize,
        key: root?.text ?? null,
        pinned: pinned !== null,
        proved: proved ? chosen : null,
        findings: findings.list,
        found: findings.count("tampered") + findings.count("incomplete") + findings.count("unknown_key"),
      };
    },
  };
}

function checkOrder(claims: readonly ClaimedCheckpoint[], findings: Findings): void {
  for (const [at, { says }] of claims.entries()) {
    const before = claims[at - 1]?.says;
    if (before && (says.size <= before.size || says.at < before.at))
      findings.add(
        "tampered",
        "checkpoint_order",
        Number(says.size) - 1,
        `The checkpoint of size ${says.size} is not after the one before.`,
      );
  }
}

type Proving = {
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  readonly trusted: readonly TrustedKey[];
  readonly rootAt: ReadonlyMap<number, Hash>;
  readonly chosen: number | null;
  readonly kept: Chosen | null;
};

/** Follows an inclusion proof to its signed root. @returns whether it leads there */
function checkProof(
  { sha256, verify, trusted, rootAt, chosen, kept }: Proving,
  proof: AuditProof | null,
  findings: Findings,
): boolean {
  if (chosen === null) return false;
  if (proof === null || kept === null) {
    findings.add("incomplete", "no_proof", chosen, `There is no proof of entry ${chosen}.`);
    return false;
  }
  const opened = openNote(
    verify,
    proof.checkpoint,
    trusted.map(({ key }) => key),
  );
  const says = opened.ok ? readCheckpoint(opened.text) : null;
  const claim = says && {
    index: BigInt(chosen),
    size: says.size,
    leaf: kept.leaf,
    proof: proof.proof,
    root: says.root,
  };
  if (opened.ok ? !claim || !verifyInclusion(sha256, claim) : opened.why !== "unknown_key") {
    findings.add("tampered", "bad_proof", chosen, `The proof of entry ${chosen} does not lead to a signed root.`);
    return false;
  }
  if (canonicalJson(proof.entry) !== kept.text) {
    findings.add(
      "tampered",
      "other_entry",
      chosen,
      `The proof of entry ${chosen} is of another entry than the list's.`,
    );
    return false;
  }
  if (!says) return false; // Signed by nobody we trust, which its checkpoint is found to be as well.
  // The proof was asked for before the checkpoints, so the one it leads to must be among them.
  if (rootAt.get(Number(says.size)) !== says.root) {
    const message = `FORK: the proof of entry ${chosen} leads to a signed root of size ${says.size} that the entries do not give.`;
    findings.add("tampered", "fork", chosen, message);
    return false;
  }
  return true;
}
