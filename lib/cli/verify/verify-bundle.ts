import { checkClaims } from "@/lib/core/ledger/check-claims";
import { createFindings, exitCodeOf, type Finding, type Findings, type VerdictCode } from "@/lib/core/ledger/finding";
import { type ClaimedCheckpoint, isSigned, readClaim, type TrustedKey, trustedKeys } from "@/lib/core/ledger/trust";
import { readVerifierKey, type VerifierKey } from "@/lib/core/ledger/verifier-key";
import { sha256, verifyEd25519 } from "@/lib/platform/ed25519";

import { type BundleRead, createReader } from "./read-bundle";
import type { Payloads } from "./read-payloads";
import { checkReceipts, type ReceiptsChecked } from "./receipts";

/** What the auditor brings along. */
export type VerifyOptions = {
  /** Keys pinned out of band. Without one the file's own first key is used, and the answer says that nobody vouches for it. */
  readonly keys: readonly VerifierKey[];
  /** A checkpoint kept from earlier: the log must have only grown since. */
  readonly since: string | null;
  readonly receipts: readonly string[];
  /** Milliseconds from anywhere, for the speed that is reported. */
  now(): number;
};

/** The answer: what was looked at, what is wrong, and the exit code of the command. */
export type Report = Payloads & {
  readonly code: VerdictCode;
  readonly log: string | null;
  readonly pinned: boolean;
  /** The key that was believed; what to compare with what one was told. */
  readonly key: string | null;
  readonly size: number;
  readonly root: string;
  readonly checkpoints: number;
  readonly signedSize: number;
  readonly decisions: number;
  readonly receipts: ReceiptsChecked;
  readonly findings: readonly Finding[];
  readonly found: number;
  readonly hashMs: number;
  readonly totalMs: number;
};

/** Checks a bundle from beginning to end, page of lines by page. Total: whatever the file holds, the answer is a report. */
export async function verifyBundle(
  pages: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  options: VerifyOptions,
): Promise<Report> {
  const began = options.now();
  const findings = createFindings();
  const since = options.since === null ? null : readClaim(options.since);
  if (options.since !== null && since === null)
    findings.add("tampered", "bad_since", null, "The file given with --since is no checkpoint.");
  const sizes = since ? [Number(since.says.size)] : [];
  const reader = createReader(findings, { sizes, places: options.receipts.length > 0, now: () => options.now() });
  for await (const page of pages) reader.page(page);
  const read = reader.finish();

  const pinned = options.keys.length > 0;
  const own = read.keys.flatMap((key) => readVerifierKey(sha256, key) ?? []);
  const roots = pinned ? options.keys : own.slice(0, 1);
  const trusted = trustedKeys(roots, read.log.rotations);
  checkKeys(read, pinned, findings);
  const { claims, rootAt } = read;
  const signedSize = checkClaims(verifyEd25519, { claims, rootAt, size: read.tree.size() }, trusted, findings);
  checkFrame(read, { origin: roots[0]?.name ?? null, pinned }, findings);
  if (since) checkSince(read, since, trusted, findings);
  for (const index of read.log.unaccounted())
    findings.add("incomplete", "missing_payload", index, "Nothing says what became of its payload.");
  const until = claims.at(-1)?.says.at ?? "";
  const receipts = checkReceipts(options.receipts, { indexOf: read.indexOf, until }, trusted, findings);
  const { header, tree, log, judged, unproven, erased, withheld } = read;
  return {
    code: exitCodeOf(findings),
    log: header?.log ?? null,
    pinned,
    key: roots[0]?.text ?? null,
    size: tree.size(),
    root: tree.root(),
    checkpoints: claims.length,
    signedSize,
    decisions: log.decisions,
    judged,
    unproven,
    erased,
    withheld,
    receipts,
    findings: findings.list,
    found: findings.count("tampered") + findings.count("incomplete") + findings.count("unknown_key"),
    hashMs: read.hashMs(),
    totalMs: options.now() - began,
  };
}

function checkKeys({ keys, log }: BundleRead, pinned: boolean, findings: Findings): void {
  if (!pinned)
    findings.add("unknown_key", "not_pinned", null, "NOT PINNED: no key was given, so nobody vouches for this log.");
  for (const key of keys) {
    if (!log.rotations.some(({ next }) => next.text === key))
      findings.add("tampered", "stray_key", null, `No entry put the key ${key} in force.`);
  }
  if (keys.join("\n") !== log.rotations.map(({ next }) => next.text).join("\n"))
    findings.add("tampered", "other_keys", null, "The key lines are not the keys that entries put in force, in order.");
}

type Expected = { readonly origin: string | null; readonly pinned: boolean };

/** The first line and the last. */
function checkFrame(read: BundleRead, { origin, pinned }: Expected, findings: Findings): void {
  const { header, tree, ended, lines } = read;
  if (ended === null) findings.add("incomplete", "no_end", null, "The file ends before its last line.");
  else if (ended !== lines)
    findings.add("tampered", "lines_missing", null, `The file has ${lines} lines and names ${ended}.`);
  if (header === null) return findings.add("incomplete", "no_header", null, "The file has no header that can be read.");
  if (tree.size() === 0)
    findings.add("incomplete", "empty", null, "The file has no entries, so nothing vouches for it.");
  if (header.size !== tree.size()) {
    const message = `TRUNCATED: ${tree.size()} entries of ${header.size}.`;
    findings.add("incomplete", "truncated", tree.size(), message);
  } else if (header.root_hash !== tree.root()) {
    findings.add("tampered", "wrong_root", null, "The header names another root.");
  }
  if (header.log !== origin) {
    const message = `The header names the log ${String(header.log)}; the key is of ${String(origin)}.`;
    findings.add(pinned ? "unknown_key" : "tampered", "other_log", null, message);
  }
}

function checkSince(
  { rootAt, tree }: BundleRead,
  since: ClaimedCheckpoint,
  trusted: readonly TrustedKey[],
  findings: Findings,
): void {
  if (!isSigned(verifyEd25519, since, trusted, findings, "checkpoint given with --since")) return;
  const size = Number(since.says.size);
  const rebuilt = rootAt.get(size);
  if (rebuilt === undefined) {
    const message = `TRUNCATED size ${tree.size()} < ${size}: the log was longer before.`;
    findings.add("incomplete", "truncated", tree.size(), message);
  } else if (rebuilt !== since.says.root) {
    const message = `FORK: the first ${size} entries are not those the checkpoint given with --since signed.`;
    findings.add("tampered", "fork", size - 1, message);
  }
}
