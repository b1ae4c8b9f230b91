import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { readFileSync } from "node:fs";

import { SPKI_PREFIX } from "./ed25519";
import { env } from "./env";
import { seal, unseal, wrappingKeyFrom } from "./seal";

/** A key that signs the ledger, ready to use. Its private half never leaves this object. */
export type SigningKey = { readonly publicKey: Uint8Array<ArrayBuffer>; sign(message: Uint8Array): Uint8Array };

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
  return wrapping && seal(secret, wrapping, label);
}

/** Opens a sealed private key; null when the secret is missing or another, or what is stored was changed. */
export function openKey(sealed: Uint8Array, label: string): SigningKey | null {
  const wrapping = wrappingKey();
  const secret = wrapping && unseal(sealed, wrapping, label);
  if (secret === null) return null;
  try {
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
  return wrappingKeyFrom(secret, "interlock ledger key v1");
}

function fileText(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}
