import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";
import { readFileSync } from "node:fs";

import { SPKI_PREFIX } from "./ed25519";
import { env } from "./env";

/** A key that signs the ledger, ready to use. Its private half never leaves this object. */
export type SigningKey = { readonly publicKey: Uint8Array<ArrayBuffer>; sign(message: Uint8Array): Uint8Array };

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SHORTEST_SECRET = 32;
/** What precedes the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** Makes a key pair; the private half is to be sealed at once. */
export function makeSigningKey(): { readonly publicKey: Uint8Array<ArrayBuffer>; readonly secret: Buffer } {
  const { privateKey } = generateKeyPairSync("ed25519");
  const secret = privateKey.export({ format: "der", type: "pkcs8" }).subarray(PKCS8.length);
  return { publicKey: publicBytes(privateKey), secret };
}

/**
 * Encrypts a private key for storage, bound to `label`: for another workspace or another public key it does not open.
 *
 * @returns null when there is no secret to seal it with
 */
export function sealKey(secret: Uint8Array, label: string): Uint8Array<ArrayBuffer> | null {
  const wrapping = wrappingKey();
  if (wrapping === null) return null;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", wrapping, iv).setAAD(Buffer.from(label));
  const sealed = Buffer.concat([
    Uint8Array.of(VERSION),
    iv,
    cipher.update(secret),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return new Uint8Array(sealed);
}

/** Opens a sealed private key; null when the secret is missing or another, or what is stored was changed. */
export function openKey(sealed: Uint8Array, label: string): SigningKey | null {
  const wrapping = wrappingKey();
  if (wrapping === null || sealed[0] !== VERSION || sealed.length < 1 + IV_BYTES + TAG_BYTES) return null;
  try {
    const iv = sealed.subarray(1, 1 + IV_BYTES);
    const cipher = createDecipheriv("aes-256-gcm", wrapping, iv).setAAD(Buffer.from(label));
    cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const secret = Buffer.concat([cipher.update(sealed.subarray(1 + IV_BYTES, -TAG_BYTES)), cipher.final()]);
    const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: "der", type: "pkcs8" });
    return { publicKey: publicBytes(key), sign: (message) => new Uint8Array(sign(null, message, key)) };
  } catch {
    return null;
  }
}

function publicBytes(key: KeyObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI_PREFIX.length));
}

/** From the file the operator names, else from the server's secret. Read anew each time: the file may come and go. */
function wrappingKey(): Uint8Array | null {
  const secret =
    env.INTERLOCK_LEDGER_KEY_FILE === undefined ? env.NEXTAUTH_SECRET : fileText(env.INTERLOCK_LEDGER_KEY_FILE);
  if (secret === null || secret.length < SHORTEST_SECRET) return null;
  return new Uint8Array(hkdfSync("sha256", secret, "", "interlock ledger key v1", 32));
}

function fileText(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}
