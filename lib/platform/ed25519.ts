import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";

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

/**
 * The points of small order, with the sign bit cleared, in every encoding a lenient reader takes: under such a key one
 * signature can fit many messages.
 */
const SMALL_ORDER = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

function isSmallOrder(publicKey: Uint8Array): boolean {
  const y = Buffer.from(publicKey);
  y[31] = (y[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(y.toString("hex"));
}
