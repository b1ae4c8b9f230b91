import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";

import { type Hash, isHash } from "./merkle";
import type { VerifierKey, VerifyEd25519 } from "./verifier-key";

/** A promise that an entry will be in the log: what a receipt says. `leaf` is the hash the tree must hold. */
export type InclusionPromise = {
  readonly log: string;
  /** The id of the key that signed, as in its verifier key. */
  readonly key: string;
  readonly decision: string;
  readonly leaf: Hash;
  readonly at: string;
};

/** What an agent was given. An `unsigned` one binds nobody; it still names the leaf to look for. */
export type Receipt =
  | {
      readonly kind: "signed";
      readonly promise: InclusionPromise;
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
    }
  | { readonly kind: "unsigned"; readonly leaf: Hash };

const PREFIX = "ilr1";
/** Keeps these signatures apart from those of checkpoints, whose text begins with an origin. */
const CONTEXT = "interlock-receipt-v1\n";
const MAX_CHARACTERS = 4_096;

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

/** The bytes whose signature makes a promise binding. */
export function promiseMessage({ log, key, decision, leaf, at }: InclusionPromise): Uint8Array {
  return utf8.encode(CONTEXT + canonicalJson({ at, decision, key, leaf, log }));
}

/** `ilr1.<promise>.<signature>`, both in URL-safe Base 64: everything needed to hold us to it, given the public key. */
export function signedReceipt(promise: InclusionPromise, signature: Uint8Array): string {
  return `${PREFIX}.${urlSafe(promiseMessage(promise).slice(CONTEXT.length))}.${urlSafe(signature)}`;
}

/** What is given when there is no key to sign with. */
export const unsignedReceipt = (leaf: Hash): string => `unsigned:sha256:${leaf}`;

/** Reads a receipt; null when it is none. Nothing is verified yet. */
export function readReceipt(receipt: string): Receipt | null {
  if (receipt.length > MAX_CHARACTERS) return null;
  const leaf = /^(?:unsigned:)?sha256:([0-9a-f]{64})$/.exec(receipt)?.[1];
  if (leaf !== undefined) return { kind: "unsigned", leaf };
  const [prefix, body = "", signed = "", ...rest] = receipt.split(".");
  const [bytes, signature] = [fromUrlSafe(body), fromUrlSafe(signed)];
  if (prefix !== PREFIX || rest.length > 0 || bytes === null || signature === null) return null;
  const promise = readPromise(bytes);
  return promise && { kind: "signed", promise, message: promiseMessage(promise), signature };
}

/** Whether the key made this promise. */
export function isPromisedBy(verify: VerifyEd25519, key: VerifierKey, receipt: Receipt): boolean {
  if (receipt.kind !== "signed") return false;
  const { log, key: id } = receipt.promise;
  return log === key.name && id === key.id && verify(key.publicKey, receipt.message, receipt.signature);
}

function readPromise(bytes: Uint8Array): InclusionPromise | null {
  try {
    const value: JsonObject = JSON.parse(text.decode(bytes));
    const { log, key, decision, leaf, at } = value;
    const all = [log, key, decision, leaf, at];
    if (!all.every((member) => typeof member === "string")) return null;
    const promise = {
      log: String(log),
      key: String(key),
      decision: String(decision),
      leaf: String(leaf),
      at: String(at),
    };
    return isHash(promise.leaf) ? promise : null;
  } catch {
    return null;
  }
}

function urlSafe(bytes: Uint8Array): string {
  let raw = "";
  for (const byte of bytes) raw += String.fromCharCode(byte);
  return btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromUrlSafe(encoded: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]+$/.test(encoded) || encoded.length % 4 === 1) return null;
  const raw = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from({ length: raw.length }, (_, at) => raw.charCodeAt(at));
  return urlSafe(bytes) === encoded ? bytes : null;
}
