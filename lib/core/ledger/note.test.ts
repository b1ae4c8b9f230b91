import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { sha256, verifyEd25519 } from "@/lib/platform/ed25519";
import { makeSigningKey, openKey, sealKey } from "@/lib/platform/ledger-key";

import { checkpointText, readCheckpoint } from "./checkpoint";
import { noteOf, openNote, readNote } from "./note";
import { batchReceipts, isPromisedBy, readReceipt, unsignedReceipt } from "./promise";
import { readVerifierKey, verifierKeyOf } from "./verifier-key";

/** The key and the note every implementation of signed notes is tried with. */
const NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

function givenSigner(name = "log.example/one") {
  const made = makeSigningKey();
  const sealed = sealKey(made.secret, name);
  const opened = sealed && openKey(sealed, name);
  if (!opened) throw new Error("the key does not open");
  return { key: verifierKeyOf(sha256, name, made.publicKey), sign: opened.sign, sealed };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const known = (text: string) => {
  const key = readVerifierKey(sha256, text);
  if (!key) throw new Error("no key");
  return key;
};

describe("signed notes", () => {
  test("the well-known note opens with its key", () => {
    const opened = openNote(verifyEd25519, NOTE, [known(NEUMANN)]);
    expect(opened).toMatchObject({ ok: true, key: { id: "c74f20a3" } });
  });

  test("no key, another key, another text and what is no note do not open", () => {
    const key = known(NEUMANN);
    const open = (note: string) => openNote(verifyEd25519, note, [key]);
    expect(openNote(verifyEd25519, NOTE, [])).toEqual({ ok: false, why: "unknown_key" });
    expect(openNote(verifyEd25519, NOTE, [givenSigner().key])).toEqual({ ok: false, why: "unknown_key" });
    expect(open(NOTE.replace("answer", "answers"))).toEqual({ ok: false, why: "bad_signature" });
    expect(open(NOTE.replace("x08go/ZJ", "x08go/ZK"))).toEqual({ ok: false, why: "bad_signature" });
    for (const note of [
      "",
      "\n",
      NOTE.trimEnd(),
      NOTE.replace("\n\n", "\n"),
      NOTE.replace("— ", "- "),
      `${NOTE}\n`,
      NOTE.replace("you", "y\rou"),
      NOTE.replace("=\n", "\n"),
    ])
      expect(open(note)).toEqual({ ok: false, why: "malformed" });
  });

  test("a signature of a stranger beside ours is passed over, one that claims to be ours is not", () => {
    const [ours, stranger] = [givenSigner(), givenSigner("other.example")];
    const text = "a\nb\n";
    const note = noteOf(text, ours.key, ours.sign(bytes(text)));
    const line = noteOf(text, stranger.key, stranger.sign(bytes("something else"))).slice(text.length + 1);
    expect(openNote(verifyEd25519, note + line, [ours.key])).toMatchObject({ ok: true, text });
    const forged = noteOf(text, ours.key, stranger.sign(bytes(text))).slice(text.length + 1);
    expect(openNote(verifyEd25519, note + forged, [ours.key])).toEqual({ ok: false, why: "bad_signature" });
    expect(readNote(note)?.signatures).toHaveLength(1);
  });

  test("a verifier key with another hash, type or length is none", () => {
    for (const text of [
      NEUMANN.replace("c74f20a3", "c74f20a4"),
      NEUMANN.replace("+AR", "+AB"),
      NEUMANN.slice(0, -4),
      "a b+c74f20a3+AR",
      "",
    ])
      expect(readVerifierKey(sha256, text)).toBeNull();
  });
});

describe("checkpoints", () => {
  test("say what they were made of, and nothing else is read as one", () => {
    const checkpoint = {
      origin: "log.example/one",
      size: 20_852_163n,
      root: "0a".repeat(32),
      at: "2026-11-21T10:00:00.000Z",
    };
    const text = checkpointText(checkpoint);
    expect(readCheckpoint(text)).toEqual(checkpoint);
    for (const wrong of [
      text.slice(0, -1),
      text.replace("20852163", "020852163"),
      text.replace("20852163", "-1"),
      text.replace("CgoK", "CgoK="),
      text.replace("\ntime", "\n\ntime"),
      "a\n",
    ])
      expect(readCheckpoint(wrong)).toBeNull();
  });
});

describe("receipts", () => {
  const signer = givenSigner();
  const signed = { log: signer.key.name, key: signer.key.id, at: "2026-11-21T10:00:00.000Z" };
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      decision: `d-${index}`,
      leaf: String(index).padStart(2, "0").repeat(32),
    }));
  const receiptsFor = (count: number) => batchReceipts(sha256, signed, entries(count), signer.sign);

  test("each of a batch is verified with the public key alone, whatever the size of the batch", () => {
    for (const count of [1, 2, 3, 5, 8, 13]) {
      for (const [index, receipt] of receiptsFor(count).entries()) {
        const read = readReceipt(sha256, receipt);
        expect(read).toMatchObject({ kind: "signed", promise: { ...signed, ...entries(count)[index] } });
        expect(read && isPromisedBy(verifyEd25519, signer.key, read)).toBe(true);
        expect(read && isPromisedBy(verifyEd25519, givenSigner().key, read)).toBe(false);
      }
    }
    const leaf = "ab".repeat(32);
    expect(readReceipt(sha256, unsignedReceipt(leaf))).toEqual({ kind: "unsigned", leaf });
  });

  test("one that was signed alone, as receipts were before batches, still verifies", () => {
    const promise = { ...signed, decision: "d-1", leaf: "ab".repeat(32) };
    const text = canonicalJson(promise);
    const message = new TextEncoder().encode(`interlock-receipt-v1\n${text}`);
    const urlSafe = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
    const receipt = `ilr1.${urlSafe(new TextEncoder().encode(text))}.${urlSafe(signer.sign(message))}`;
    const read = readReceipt(sha256, receipt);
    expect(read).toMatchObject({ kind: "signed", promise });
    expect(read && isPromisedBy(verifyEd25519, signer.key, read)).toBe(true);
  });

  test("the signature of a batch vouches for no other decision or entry", () => {
    const [one = ""] = receiptsFor(5);
    const [prefix, body = "", signature] = one.split(".");
    const told: Record<string, unknown> = JSON.parse(Buffer.from(body, "base64url").toString());
    for (const change of [
      { decision: "d-9" },
      { leaf: "cd".repeat(32) },
      { index: 1 },
      { size: 6 },
      { path: [] },
      { more: 1 },
    ]) {
      const other = canonicalJson(asJsonObject({ ...told, ...change }));
      const read = readReceipt(sha256, `${prefix}.${Buffer.from(other).toString("base64url")}.${signature}`);
      const isGood = read !== null && isPromisedBy(verifyEd25519, signer.key, read);
      expect({ change, isGood }).toEqual({ change, isGood: false });
    }
  });

  test("no changed character is left unseen", () => {
    const receipt = receiptsFor(6)[4] ?? "";
    const place = fc.integer({ min: 0, max: receipt.length - 1 });
    const character = fc.constantFrom(..."ABCXYZabcxyz019-_.=+/");
    fc.assert(
      fc.property(place, character, (at, put) => {
        fc.pre(receipt[at] !== put);
        const read = readReceipt(sha256, receipt.slice(0, at) + put + receipt.slice(at + 1));
        expect(read !== null && isPromisedBy(verifyEd25519, signer.key, read)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe("sealed keys", () => {
  test("open for nothing but what they were sealed for", () => {
    const { sealed } = givenSigner("log.example/one");
    if (!sealed) throw new Error("not sealed");
    expect(openKey(sealed, "log.example/two")).toBeNull();
    expect(
      openKey(
        sealed.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
        "log.example/one",
      ),
    ).toBeNull();
    expect(openKey(new Uint8Array(3), "log.example/one")).toBeNull();
  });
});
