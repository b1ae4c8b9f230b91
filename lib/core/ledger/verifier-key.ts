import { base64Of, bytesOfBase64 } from "@/lib/core/shared/base64";

import { hexOf, type Sha256 } from "./merkle";

/** Whether an Ed25519 signature of a message is by a public key of 32 bytes; injected, so that the core runs anywhere. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * A public key as auditors pin it. `text` is the C2SP verifier key `name+hash+base64`; the name is the log's origin.
 */
export type VerifierKey = {
  readonly text: string;
  readonly name: string;
  /** The first four bytes of the key's hash in hex: which key of that name signed. */
  readonly id: string;
  readonly publicKey: Uint8Array;
};

const ED25519 = 0x01;
const KEY_BYTES = 32;
/** Not empty, no plus, no Unicode space and nothing that would break a line. */
const NAME = /^[^\s+\p{Cc}]+$/u;

const utf8 = new TextEncoder();

/** The verifier key of a public key under a name. @source C2SP signed-note */
export function verifierKeyOf(sha256: Sha256, name: string, publicKey: Uint8Array): VerifierKey {
  if (!NAME.test(name)) throw new RangeError("A key's name is neither empty nor holds spaces or a plus.");
  if (publicKey.length !== KEY_BYTES) throw new RangeError("An Ed25519 public key has 32 bytes.");
  const id = hexOf(sha256(Uint8Array.from([...utf8.encode(name), 0x0a, ED25519, ...publicKey]))).slice(0, 8);
  return { text: `${name}+${id}+${base64Of(Uint8Array.of(ED25519, ...publicKey))}`, name, id, publicKey };
}

/** Reads a verifier key; null unless it is well formed, of Ed25519, and its hash is that of its key. */
export function readVerifierKey(sha256: Sha256, text: string): VerifierKey | null {
  const [name = "", id = "", ...rest] = text.trim().split("+");
  const bytes = bytesOfBase64(rest.join("+"));
  if (!NAME.test(name) || bytes === null || bytes.length !== KEY_BYTES + 1 || bytes[0] !== ED25519) return null;
  const key = verifierKeyOf(sha256, name, bytes.slice(1));
  return key.id === id ? key : null;
}
