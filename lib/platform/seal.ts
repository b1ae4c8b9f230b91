import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SHORTEST_SECRET = 32;

/**
 * A key to seal things of one kind with, from a secret of the server.
 *
 * @returns null when the secret is missing or too short to be one
 */
export function wrappingKeyFrom(secret: string | null, purpose: string): Uint8Array | null {
  if (secret === null || secret.length < SHORTEST_SECRET) return null;
  return new Uint8Array(hkdfSync("sha256", secret, "", purpose, 32));
}

/** Encrypts bytes for storage, bound to `label`: under another label they do not open. */
export function seal(plain: Uint8Array, wrapping: Uint8Array, label: string): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", wrapping, iv).setAAD(Buffer.from(label));
  const sealed = Buffer.concat([Uint8Array.of(VERSION), iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return new Uint8Array(sealed);
}

/** Opens what was sealed; null when the key or the label is another, or what is stored was changed. */
export function unseal(sealed: Uint8Array, wrapping: Uint8Array, label: string): Buffer | null {
  if (sealed[0] !== VERSION || sealed.length < 1 + IV_BYTES + TAG_BYTES) return null;
  try {
    const iv = sealed.subarray(1, 1 + IV_BYTES);
    const cipher = createDecipheriv("aes-256-gcm", wrapping, iv).setAAD(Buffer.from(label));
    cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([cipher.update(sealed.subarray(1 + IV_BYTES, -TAG_BYTES)), cipher.final()]);
  } catch {
    return null;
  }
}
