import { createHash, randomBytes } from "node:crypto";

const HINT_CHARS = 4;

/** A secret just made: shown to its owner once; only the hash and the hint are ever stored. */
export type NewSecret = { readonly secret: string; readonly hash: Uint8Array<ArrayBuffer>; readonly hint: string };

/** 256 random bits behind a prefix that says what it opens. */
export function makeSecret(prefix: "ilk_" | "ilp_" | "ili_"): NewSecret {
  const secret = prefix + randomBytes(32).toString("base64url");
  return { secret, hash: hashSecret(secret), hint: secret.slice(-HINT_CHARS) };
}

/** What is stored of a secret. It has 256 random bits, so one fast hash is enough. */
export function hashSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(secret, "utf8").digest());
}
