import { generateKeyPairSync, sign } from "node:crypto";

import { describe, expect, test } from "vitest";

import type { JsonObject } from "@/lib/core/shared/json";
import { sha256 } from "@/lib/core/shared/sha256";
import { verifyEd25519 } from "@/lib/platform/ed25519";

import { leafOfEntry } from "./append-entries";
import { type AuditReport, createAudit } from "./audit";
import type { AuditProof, LeafItem } from "./audit-answers";
import { checkpointText } from "./checkpoint";
import { inclusionProof, rootOfLeaves } from "./merkle";
import { noteOf } from "./note";
import { type VerifierKey, verifierKeyOf } from "./verifier-key";

const ORIGIN = "log.example/ledger/1";
const utf8 = new TextEncoder();

function signer() {
  const pair = generateKeyPairSync("ed25519");
  const raw = pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const key = verifierKeyOf(sha256, ORIGIN, new Uint8Array(raw));
  return {
    key,
    note: (text: string) => noteOf(text, key, new Uint8Array(sign(null, utf8.encode(text), pair.privateKey))),
  };
}

const ours = signer();

/** A log of entries with checkpoints at these sizes, as a server would answer it. */
function log(count: number, sizes: readonly number[], { note = ours.note, key = ours.key } = {}) {
  const bodies: JsonObject[] = [
    { kind: "ledger.rotate", details: { key: key.text, previous: null, signature: null } },
    ...Array.from({ length: count - 1 }, (_, index) => ({ kind: "member.sign_in", details: { number: index } })),
  ];
  const leaves = bodies.map((entry) => leafOfEntry(sha256, entry));
  const items = bodies.map((entry, index) => ({ index, id: `e${index}`, leaf_hash: leaves[index] ?? "", entry }));
  const noteAt = (size: number) =>
    note(
      checkpointText({
        origin: ORIGIN,
        size: BigInt(size),
        root: rootOfLeaves(sha256, leaves.slice(0, size)),
        at: new Date(Date.UTC(2026, 10, 21) + size).toISOString(),
      }),
    );
  const notes = sizes.map(noteAt);
  const proofOf = (index: number): AuditProof => ({
    entry: bodies[index] ?? {},
    proof: [...inclusionProof(sha256, leaves.slice(0, sizes.at(-1)), index)],
    checkpoint: notes.at(-1) ?? "",
  });
  return { items, notes, keys: [key.text], proofOf };
}

type Shown = {
  readonly items: readonly LeafItem[];
  readonly notes: readonly string[];
  readonly keys: readonly string[];
  readonly proof?: AuditProof | null;
  readonly chosen?: number;
  readonly pinned?: VerifierKey | null;
};

function judged({ items, notes, keys, proof = null, chosen, pinned = ours.key }: Shown): AuditReport {
  const audit = createAudit(sha256, { notes, keys }, chosen ?? null);
  for (const item of items) audit.add(item);
  return audit.judge(verifyEd25519, { pinned, proof });
}

const codes = (report: AuditReport) => report.findings.map(({ code }) => code);

describe("createAudit", () => {
  const right = log(40, [1, 7, 23, 40]);

  test("finds nothing wrong with a log that is right, and follows a proof in it", () => {
    const report = judged({ ...right, chosen: 11, proof: right.proofOf(11) });
    expect(report).toMatchObject({
      code: 0,
      size: 40,
      checkpoints: 4,
      signedSize: 40,
      pinned: true,
      proved: 11,
      found: 0,
    });
  });

  test("says when the key came with the log, and gives the same answer when asked again", () => {
    const report = judged({ ...right, pinned: null });
    expect(report).toMatchObject({ code: 0, pinned: false, key: ours.key.text });
  });

  test("notices a changed entry, whether or not the hash beside it was changed as well", () => {
    const entry = { kind: "member.sign_in", details: { number: 999 } };
    const alone = right.items.map((item) => (item.index === 9 ? { ...item, entry } : item));
    expect(codes(judged({ ...right, items: alone }))).toEqual([
      "changed_entry",
      "wrong_root",
      "wrong_root",
      "unsigned_tail",
    ]);
    const both = alone.map((item) => (item.index === 9 ? { ...item, leaf_hash: leafOfEntry(sha256, entry) } : item));
    expect(judged({ ...right, items: both })).toMatchObject({ code: 1, signedSize: 7 });
  });

  test("notices an entry that is left out, put elsewhere, or missing at the end", () => {
    expect(judged({ ...right, items: right.items.filter(({ index }) => index !== 5) }).code).toBe(1);
    expect(codes(judged({ ...right, items: right.items.slice(0, 30) }))).toContain("truncated");
    const swapped = [...right.items.slice(0, 3), ...right.items.slice(3, 5).toReversed(), ...right.items.slice(5)];
    expect(codes(judged({ ...right, items: swapped }))).toContain("wrong_index");
  });

  test("notices a checkpoint whose signature, root or order is not right", () => {
    const forged = right.notes.map((note, at) => (at === 1 ? note.replace("\n7\n", "\n8\n") : note));
    expect(codes(judged({ ...right, notes: forged }))).toContain("bad_signature");
    expect(codes(judged({ ...right, notes: [...right.notes, ...right.notes.slice(-1)] }))).toEqual([
      "checkpoint_order",
    ]);
    expect(codes(judged({ ...right, notes: ["no note"] }))).toContain("malformed");
  });

  test("believes no key for standing beside the log when another was kept", () => {
    expect(judged({ ...right, pinned: signer().key })).toMatchObject({ code: 3, signedSize: 0 });
  });

  test("notices a proof of another entry, one that leads nowhere, and one that leads to another history", () => {
    const asked = { ...right, chosen: 11 };
    expect(codes(judged({ ...asked, proof: right.proofOf(12) }))).toContain("bad_proof");
    const other = { ...right.proofOf(11), entry: { kind: "other" } };
    expect(codes(judged({ ...asked, proof: other }))).toEqual(["other_entry"]);
    const fork = log(41, [41]);
    expect(codes(judged({ ...asked, proof: fork.proofOf(11) }))).toEqual(["fork"]);
    expect(judged({ ...asked, proof: null })).toMatchObject({ code: 2, proved: null });
  });

  test("holds 10,000 entries against their checkpoints in a few seconds", () => {
    const big = log(10_000, [5_000, 9_999, 10_000]);
    const began = performance.now();
    expect(judged(big)).toMatchObject({ code: 0, size: 10_000, checkpoints: 3 });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
