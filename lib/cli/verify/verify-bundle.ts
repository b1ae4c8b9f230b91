import { BUNDLE_LINES, readEntryLine } from "@/lib/core/ledger/bundle-line";
import { readVerifierKey, type VerifierKey } from "@/lib/core/ledger/verifier-key";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { sha256 } from "@/lib/platform/ed25519";

import { createArchive } from "./archive";
import { createFindings, exitCodeOf, type Finding } from "./finding";
import { judgeDecision } from "./judge";
import { createLog } from "./log";
import { checkReceipts, type ReceiptsChecked } from "./receipts";
import { createTree, leafOf } from "./tree";
import { type ClaimedCheckpoint, isSigned, readClaim, trustedKeys } from "./trust";

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
export type Report = {
  readonly code: 0 | 1 | 2 | 3;
  readonly log: string | null;
  readonly pinned: boolean;
  /** The key that was believed; what to compare with what one was told. */
  readonly key: string | null;
  readonly size: number;
  readonly root: string;
  readonly checkpoints: number;
  readonly signedSize: number;
  readonly decisions: number;
  readonly judged: number;
  readonly erased: number;
  readonly notKept: number;
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
  const tree = createTree();
  const log = createLog(findings);
  const archive = createArchive(findings);
  const indexOf = new Map<string, number>();
  const rootAt = new Map<number, string>();
  const claims: ClaimedCheckpoint[] = [];
  const keys: string[] = [];
  const since = options.since === null ? null : readClaim(options.since);
  const wanted = new Set<number>(since ? [Number(since.says.size)] : []);
  const counts = { judged: 0, erased: 0, notKept: 0 };
  let [header, lines, ended, hashMs, stage]: [JsonObject | null, number, number | null, number, number] = [
    null,
    0,
    null,
    0,
    0,
  ];

  if (options.since !== null && since === null)
    findings.add("tampered", "bad_since", null, "The file given with --since is no checkpoint.");

  function entries(page: readonly { readonly raw: string; readonly index: number; readonly leafHash: string }[]): void {
    const start = options.now();
    const leaves = page.map(({ raw }) => leafOf(raw));
    for (const leaf of leaves) {
      tree.append(leaf);
      if (wanted.has(tree.size())) rootAt.set(tree.size(), tree.root());
    }
    hashMs += options.now() - start;
    const first = tree.size() - page.length;
    for (const [at, { raw, index, leafHash }] of page.entries()) {
      const place = first + at;
      const leaf = leaves[at]?.toString("hex") ?? "";
      if (index !== place)
        findings.add("tampered", "wrong_index", place, `The entry at place ${place} says that it is ${index}.`);
      if (leaf !== leafHash)
        findings.add("tampered", "changed_entry", place, "The entry does not have the hash beside it.");
      if (options.receipts.length > 0) indexOf.set(leaf, place);
      log.read(raw, place);
    }
  }

  function payload(record: JsonObject): void {
    const index = Number(record["index"]);
    const entry = log.decision(index);
    if (entry === null || entry.id !== record["decision"])
      return findings.add(
        "tampered",
        "stray_payload",
        index,
        "A payload record names another entry than its decision's.",
      );
    if (record["state"] === "pruned") counts.notKept += 1;
    else if (record["state"] === "erased") {
      counts.erased += 1;
      if (!log.isErased(entry.id))
        findings.add(
          "incomplete",
          "erased_unrecorded",
          index,
          "Its payload is gone and no entry here says who erased it.",
        );
    } else {
      const about = { index, quarantined: log.wasQuarantined(entry.tool_hash) };
      if (judgeDecision(entry, record, about, { archive, approvals: log.approvals, findings }) === "judged")
        counts.judged += 1;
    }
  }

  function record(value: JsonObject, line: number): void {
    const type = BUNDLE_LINES.find((kind) => kind === value["type"]);
    const place = type === undefined ? -1 : BUNDLE_LINES.indexOf(type);
    if (type === undefined || place < stage || ended !== null || (type === "header") !== (line === 1))
      return findings.add("tampered", "out_of_place", null, `Line ${line} does not belong there.`);
    stage = place;
    if (type === "header") header = value;
    else if (type === "key") keys.push(String(value["key"]));
    else if (type === "checkpoint") {
      const claim = readClaim(String(value["note"]));
      if (claim === null) return findings.add("tampered", "malformed", null, `Line ${line} holds no checkpoint.`);
      const last = claims.at(-1);
      if (last && (claim.says.size <= last.says.size || claim.says.at < last.says.at))
        findings.add(
          "tampered",
          "checkpoint_order",
          Number(claim.says.size) - 1,
          `The checkpoint in line ${line} is not after the one before.`,
        );
      claims.push(claim);
      wanted.add(Number(claim.says.size));
    } else if (type === "manifest") archive.manifest(value);
    else if (type === "tool") archive.tool(value);
    else if (type === "payload") payload(value);
    else if (type === "end") ended = Number(value["lines"]);
    else findings.add("tampered", "malformed", tree.size(), `Line ${line} is no entry in its canonical form.`);
  }

  for await (const page of pages) {
    const batch: { raw: string; index: number; leafHash: string }[] = [];
    for (const text of page) {
      lines += 1;
      const entry = stage <= BUNDLE_LINES.indexOf("entry") && lines > 1 ? readEntryLine(text) : null;
      if (entry) {
        stage = BUNDLE_LINES.indexOf("entry");
        batch.push(entry);
        continue;
      }
      if (batch.length > 0) entries(batch.splice(0));
      const value = parsed(text);
      if (value === null) findings.add("tampered", "malformed", null, `Line ${lines} is not a JSON object.`);
      else record(value, lines);
    }
    if (batch.length > 0) entries(batch);
  }
  log.finish(String(header?.["workspace"]), findings);
  return conclude();

  function conclude(): Report {
    const own = keys.flatMap((key) => readVerifierKey(sha256, key) ?? []);
    const pinned = options.keys.length > 0;
    const roots = pinned ? options.keys : own.slice(0, 1);
    const trusted = trustedKeys(roots, log.rotations);
    if (!pinned)
      findings.add("unknown_key", "not_pinned", null, "NOT PINNED: no key was given, so nobody vouches for this log.");
    for (const key of keys)
      if (!log.rotations.some(({ next }) => next.text === key))
        findings.add("tampered", "stray_key", null, `No entry put the key ${key} in force.`);
    const root = tree.root();
    const signedSize = checkClaims();
    checkHeader(root);
    checkSince();
    for (const index of log.unaccounted())
      findings.add("incomplete", "missing_payload", index, "Nothing says what became of its payload.");
    const until = claims.at(-1)?.says.at ?? "";
    const receipts = checkReceipts(options.receipts, { indexOf, until }, trusted, findings);
    return {
      code: exitCodeOf(findings),
      log: typeof header?.["log"] === "string" ? header["log"] : null,
      pinned,
      key: roots[0]?.text ?? null,
      size: tree.size(),
      root,
      checkpoints: claims.length,
      signedSize,
      decisions: log.decisions,
      ...counts,
      receipts,
      findings: findings.list,
      found: findings.count("tampered") + findings.count("incomplete") + findings.count("unknown_key"),
      hashMs,
      totalMs: options.now() - began,
    };

    function checkClaims(): number {
      let [from, signed] = [0, 0];
      for (const claim of claims) {
        const size = Number(claim.says.size);
        const rebuilt = rootAt.get(size);
        if (rebuilt === undefined)
          findings.add(
            "incomplete",
            "truncated",
            tree.size(),
            `TRUNCATED size ${tree.size()} < ${size}: a checkpoint covers more entries than there are.`,
          );
        else if (rebuilt !== claim.says.root)
          findings.add(
            "tampered",
            "wrong_root",
            size - 1,
            `The entries from ${from} to ${size - 1} do not give the root of the checkpoint of size ${size}.`,
          );
        if (isSigned(claim, trusted, findings) && rebuilt === claim.says.root) signed = Math.max(signed, size);
        from = size;
      }
      if (signed < tree.size())
        findings.add(
          "incomplete",
          "unsigned_tail",
          signed,
          `No trusted checkpoint covers the entries from ${signed} on.`,
        );
      return signed;
    }

    function checkHeader(rebuilt: string): void {
      if (header === null) return findings.add("incomplete", "no_header", null, "The file has no header.");
      if (header["size"] !== tree.size())
        findings.add(
          "incomplete",
          "truncated",
          tree.size(),
          `TRUNCATED: ${tree.size()} entries of ${String(header["size"])}.`,
        );
      else if (header["root_hash"] !== rebuilt)
        findings.add("tampered", "wrong_root", null, "The header names another root.");
      if (header["v"] !== 1 || header["format"] !== "interlock-bundle")
        findings.add(
          "incomplete",
          "other_format",
          null,
          "The file is of another format or version than this verifier knows.",
        );
      const origin = roots[0]?.name ?? null;
      if (header["log"] !== origin)
        findings.add(
          pinned ? "unknown_key" : "tampered",
          "other_log",
          null,
          `The header names the log ${String(header["log"])}; the key is of ${String(origin)}.`,
        );
      if (ended === null) findings.add("incomplete", "no_end", null, "The file ends before its last line.");
      else if (ended !== lines)
        findings.add("tampered", "lines_missing", null, `The file has ${lines} lines of ${ended}.`);
    }

    function checkSince(): void {
      if (since === null) return;
      const size = Number(since.says.size);
      const rebuilt = rootAt.get(size);
      if (!isSigned(since, trusted, findings, "checkpoint given with --since")) return;
      if (rebuilt === undefined)
        findings.add(
          "incomplete",
          "truncated",
          tree.size(),
          `TRUNCATED size ${tree.size()} < ${size}: the log was longer before.`,
        );
      else if (rebuilt !== since.says.root)
        findings.add(
          "tampered",
          "fork",
          size - 1,
          `FORK: the first ${size} entries are not those the checkpoint given with --since signed.`,
        );
    }
  }
}

function parsed(text: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
