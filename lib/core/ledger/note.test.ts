import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { sha256, verifyEd25519 } from "@/lib/platform/ed25519";
import { makeSigningKey, openKey, sealKey } from "@/lib/platform/ledger-key";

import { checkpointText, readCheckpoint } from "./checkpoint";
import { noteOf, openNote, readNote } from "./note";
import { isPromisedBy, promiseMessage, readReceipt, signedReceipt, unsignedReceipt } from "./promise";
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
  const promise = {
    log: signer.key.name,
    key: signer.key.id,
    decision: "d-1",
    leaf: "ab".repeat(32),
    at: "2026-11-21T10:00:00.000Z",
  };
  const receipt = signedReceipt(promise, signer.sign(promiseMessage(promise)));

  test("a receipt is verified with the public key alone", () => {
    const read = readReceipt(receipt);
    expect(read).toMatchObject({ kind: "signed", promise });
    expect(read && isPromisedBy(verifyEd25519, signer.key, read)).toBe(true);
    expect(read && isPromisedBy(verifyEd25519, givenSigner().key, read)).toBe(false);
    expect(readReceipt(unsignedReceipt(promise.leaf))).toEqual({ kind: "unsigned", leaf: promise.leaf });
  });

  test("no changed character is left unseen", () => {
    const place = fc.integer({ min: 0, max: receipt.length - 1 });
    const character = fc.constantFrom(..."ABCXYZabcxyz019-_.=+/");
    fc.assert(
      fc.property(place, character, (at, put) => {
        fc.pre(receipt[at] !== put);
        const read = readReceipt(receipt.slice(0, at) + put + receipt.slice(at + 1));
        expect(read !== null && isPromisedBy(verifyEd25519, signer.key, read)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("signing costs less than a tenth of a millisecond", () => {
    const message = promiseMessage(promise);
    const rounds = Array.from({ length: 5 }, () => {
      const began = performance.now();
      for (let n = 0; n < 200; n += 1) signer.sign(message);
      return (performance.now() - began) / 200;
    });
    expect(Math.min(...rounds)).toBeLessThan(0.1);
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
