import { z } from "zod";

import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";

import { type Hash, inclusionProofs, isHash, leafHash, type Sha256 } from "./merkle";
import { rootFromProof } from "./proof";
import type { VerifierKey, VerifyEd25519 } from "./verifier-key";

const HashText = z.string().refine(isHash);

/**
 * A promise that an entry will be in the log: what a receipt says. `leaf` is the hash the tree must hold, `key` the id of
 * the key that signed, as in its verifier key.
 */
const InclusionPromise = z.strictObject({
  log: z.string(),
  key: z.string(),
  decision: z.string(),
  leaf: HashText,
  at: z.string(),
});
export type InclusionPromise = Readonly<z.infer<typeof InclusionPromise>>;

/**
 * What an agent was given. The signature of a `signed` one is over `message`. An `unsigned` one binds nobody; it still
 * names the leaf to look for.
 */
export type Receipt =
  | {
      readonly kind: "signed";
      readonly promise: InclusionPromise;
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
    }
  | { readonly kind: "unsigned"; readonly leaf: Hash };

/** One signature for one entry: what was given before batches were signed, and still verifies. */
const SINGLE = "ilr1";
/** One signature over the Merkle root of a batch, with the path from the entry to it. */
const BATCH = "ilr2";
/** Keep these signatures apart from each other and from those of checkpoints, whose text begins with an origin. */
const SINGLE_CONTEXT = "interlock-receipt-v1\n";
const BATCH_CONTEXT = "interlock-receipt-v2\n";
const MAX_CHARACTERS = 4_096;

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

/** Every receipt in a text, whatever stands around it. */
export const RECEIPT_PATTERN = /ilr[12]\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|\b(?:unsigned:)?sha256:[0-9a-f]{64}\b/g;

/** A promise with the entry's place in the batch that was signed together. */
const BatchBody = InclusionPromise.extend({ index: z.int().min(0), size: z.int().min(1), path: z.array(HashText) });
type BatchPlace = Readonly<Pick<z.infer<typeof BatchBody>, "index" | "size" | "path">>;

/** The leaf of a batch's tree: it binds the decision to its entry. */
const batchLeaf = (sha256: Sha256, { decision, leaf }: Pick<InclusionPromise, "decision" | "leaf">) =>
  leafHash(sha256, utf8.encode(`${decision} ${leaf}`));

type Signed = Pick<InclusionPromise, "log" | "key" | "at">;

const batchMessage = ({ log, key, at }: Signed, { root, size }: { readonly root: Hash; readonly size: number }) =>
  utf8.encode(BATCH_CONTEXT + canonicalJson({ at, key, log, root, size }));

/**
 * Promises for the entries of a batch, signed once.
 *
 * @returns a receipt for each entry, in order: `ilr2.<promise and path>.<signature>`, both in URL-safe Base 64
 */
export function batchReceipts(
  sha256: Sha256,
  signed: Signed,
  entries: readonly Pick<InclusionPromise, "decision" | "leaf">[],
  sign: (message: Uint8Array) => Uint8Array,
): readonly string[] {
  const { root, proofs } = inclusionProofs(
    sha256,
    entries.map((entry) => batchLeaf(sha256, entry)),
  );
  const size = entries.length;
  const signature = urlSafe(sign(batchMessage(signed, { root, size })));
  const { at, key, log } = signed;
  return entries.map(({ decision, leaf }, index) => {
    const path = proofs[index] ?? [];
    return `${BATCH}.${urlSafeText(canonicalJson({ at, decision, index, key, leaf, log, path, size }))}.${signature}`;
  });
}

/** What is given when there is no key to sign with. */
export const unsignedReceipt = (leaf: Hash): string => `unsigned:sha256:${leaf}`;

/** Reads a receipt; null when it cannot be read or its path leads nowhere. No signature is verified yet. */
export function readReceipt(sha256: Sha256, receipt: string): Receipt | null {
  if (receipt.length > MAX_CHARACTERS) return null;
  const leaf = /^(?:unsigned:)?sha256:([0-9a-f]{64})$/.exec(receipt)?.[1];
  if (leaf !== undefined) return { kind: "unsigned", leaf };
  const [prefix, body = "", signed = "", ...rest] = receipt.split(".");
  const [bytes, signature] = [fromUrlSafe(body), fromUrlSafe(signed)];
  if (rest.length > 0 || bytes === null || signature === null) return null;
  const told = readBody(bytes);
  if (told === null) return null;
  const message = prefix === SINGLE ? singleMessage(told) : prefix === BATCH ? messageOfBatch(sha256, told) : null;
  return message && { kind: "signed", promise: told.promise, message, signature };
}

/** Whether the key made this promise. */
export function isPromisedBy(verify: VerifyEd25519, key: VerifierKey, receipt: Receipt): boolean {
  if (receipt.kind !== "signed") return false;
  const { log, key: id } = receipt.promise;
  return log === key.name && id === key.id && verify(key.publicKey, receipt.message, receipt.signature);
}

type Body = { readonly promise: InclusionPromise; readonly place: BatchPlace | null };

function singleMessage({ promise, place }: Body): Uint8Array | null {
  const { at, decision, key, leaf, log } = promise;
  return place === null ? utf8.encode(SINGLE_CONTEXT + canonicalJson({ at, decision, key, leaf, log })) : null;
}

function messageOfBatch(sha256: Sha256, { promise, place }: Body): Uint8Array | null {
  if (place === null) return null;
  const { index, size, path } = place;
  const claim = { index: BigInt(index), size: BigInt(size), leaf: batchLeaf(sha256, promise), proof: path };
  const root = rootFromProof(sha256, claim);
  return root === null ? null : batchMessage(promise, { root, size });
}

/** A body says each thing once and in canonical form: nothing can be added to it that nobody signed. */
function readBody(bytes: Uint8Array): Body | null {
  try {
    const raw = text.decode(bytes);
    const value: JsonObject = JSON.parse(raw);
    if (canonicalJson(value) !== raw) return null;
    const batch = BatchBody.safeParse(value).data;
    if (batch === undefined) return { promise: InclusionPromise.parse(value), place: null };
    const { index, size, path, ...promise } = batch;
    return { promise, place: { index, size, path } };
  } catch {
    return null;
  }
}

function urlSafe(bytes: Uint8Array): string {
  // A receipt is small, so all its bytes may be given as arguments.
  return encoded(String.fromCharCode(...bytes));
}

/** The UTF-8 of a text. ASCII, which nearly every receipt is, is its own bytes. */
function urlSafeText(told: string): string {
  return ASCII.test(told) ? encoded(told) : urlSafe(utf8.encode(told));
}

// Spelt as a range: the control characters are part of ASCII.
const ASCII = /^[^\u0080-\uffff]*$/;

const encoded = (latin1: string) => btoa(latin1).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function fromUrlSafe(given: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]+$/.test(given) || given.length % 4 === 1) return null;
  const raw = atob(given.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from({ length: raw.length }, (_, at) => raw.charCodeAt(at));
  return urlSafe(bytes) === given ? bytes : null;
}
