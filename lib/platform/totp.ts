import { createHash, randomBytes } from "node:crypto";

import { Secret, TOTP } from "otpauth";

import { env } from "./env";
import { seal, unseal, wrappingKeyFrom } from "./seal";

/** The secret an authenticator app shares with us: 160 bits, as RFC 4226 asks. */
export type TotpSecret = { readonly base32: string; readonly uri: string; readonly bytes: Uint8Array };

const PERIOD_SECONDS = 30;
/** How many half minutes a clock may be off, to either side. */
const WINDOW = 1;
const RECOVERY_CODES = 10;

const totpOf = (secret: Secret, label = "") =>
  new TOTP({ issuer: "Interlock", label, secret, algorithm: "SHA1", digits: 6, period: PERIOD_SECONDS });

/** Makes a secret for one person; `account` names it in their app. */
export function makeTotpSecret(account: string): TotpSecret {
  const bytes = new Uint8Array(randomBytes(20));
  return describeTotpSecret(bytes, account);
}

/** The same secret in the forms in which an app takes it. */
export function describeTotpSecret(bytes: Uint8Array, account: string): TotpSecret {
  const secret = new Secret({ buffer: new Uint8Array(bytes).buffer });
  return { base32: secret.base32, uri: totpOf(secret, account).toString(), bytes };
}

/**
 * Which half minute a code belongs to; null when it is of none that is near.
 *
 * @param at the database's time: the clock that everything else about a vote goes by
 */
export function totpStepOf(bytes: Uint8Array, code: string, at: Date): number | null {
  if (!/^[0-9]{6}$/.test(code)) return null;
  const totp = totpOf(new Secret({ buffer: new Uint8Array(bytes).buffer }));
  const delta = totp.validate({ token: code, timestamp: at.getTime(), window: WINDOW });
  return delta === null ? null : totp.counter({ timestamp: at.getTime() }) + delta;
}

/** @returns null when this server has no secret to seal with */
export function sealTotpSecret(bytes: Uint8Array, memberId: string): Uint8Array<ArrayBuffer> | null {
  const wrapping = wrappingKey();
  return wrapping && seal(bytes, wrapping, labelOf(memberId));
}

/** @returns null when it was sealed by another server, for another person, or was changed */
export function openTotpSecret(sealed: Uint8Array, memberId: string): Uint8Array | null {
  const wrapping = wrappingKey();
  return wrapping && unseal(sealed, wrapping, labelOf(memberId));
}

/** Codes that take an authenticator away when it is lost: 80 bits each, shown once, stored as hashes. */
export function makeRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    new Secret({ buffer: new Uint8Array(randomBytes(10)).buffer }).base32
      .toLowerCase()
      .replaceAll(/(.{4})(?=.)/g, "$1-"),
  );
}

/** What is stored of a recovery code; how it is spaced or cased says nothing. */
export function hashRecoveryCode(code: string): Uint8Array<ArrayBuffer> {
  const plain = code.toLowerCase().replaceAll(/[^a-z2-7]/g, "");
  return new Uint8Array(createHash("sha256").update(plain, "utf8").digest());
}

const labelOf = (memberId: string) => `step-up ${memberId}`;
const wrappingKey = () => wrappingKeyFrom(env.NEXTAUTH_SECRET, "interlock step-up v1");
