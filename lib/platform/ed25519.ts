import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";

import { isSmallOrder } from "@/lib/core/shared/small-order";

/** What precedes the 32 bytes of an Ed25519 public key in its DER form (RFC 8410). */
export const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Whether an Ed25519 signature is right. Total: what is no key or no signature is false. @source RFC 8032 §5.1.7 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64 || isSmallOrder(publicKey)) return false;
  try {
    return verify(null, message, keyObject(publicKey), signature);
  } catch {
    return false;
  }
}

// Reading a key costs as much as using it, and a log has few.
const objects = new Map<string, KeyObject>();
const MAX_OBJECTS = 100;

function keyObject(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey).toString("base64");
  const known = objects.get(name);
  if (known) return known;
  const made = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
  if (objects.size >= MAX_OBJECTS) objects.clear();
  objects.set(name, made);
  return made;
}
