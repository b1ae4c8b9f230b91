import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

import { env } from "./env";

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a secret for storage with the server's own, bound to `label`: moved to another row it does not open. */
export function sealSecret(secret: string, label: string): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", wrappingKey(), iv).setAAD(Buffer.from(label));
  const body = [cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()];
  return new Uint8Array(Buffer.concat([Uint8Array.of(VERSION), iv, ...body]));
}

/** Opens a sealed secret; null when it was sealed with another server's secret or changed since. */
export function openSecret(sealed: Uint8Array, label: string): string | null {
  if (sealed[0] !== VERSION || sealed.length < 1 + IV_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", wrappingKey(), sealed.subarray(1, 1 + IV_BYTES));
    decipher.setAAD(Buffer.from(label)).setAuthTag(sealed.subarray(-TAG_BYTES));
    const body = sealed.subarray(1 + IV_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

const wrappingKey = (): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", env.NEXTAUTH_SECRET, "", "interlock sealed secret v1", 32));
