import "server-only";

import { createHash } from "node:crypto";

/** Lower-case hex SHA-256 of UTF-8 text: what the pure digests are given. */
export const sha256Hex = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

const TALLY_DIGEST_LENGTH = 32;

/** What a count is stored under: its key may name a customer, and 128 bits of its digest do not. */
export const tallyDigest = (key: string): string => sha256Hex(key).slice(0, TALLY_DIGEST_LENGTH);

/** Commitment to a payload: SHA-256 over the salt's bytes and the canonical text. Without the salt it tells nothing. */
export function payloadCommitment(salt: Uint8Array, text: string): string {
  return createHash("sha256").update(salt).update(text, "utf8").digest("hex");
}

/** The RFC 6962 leaf hash of a ledger entry's canonical text: SHA-256(0x00 ‖ text). */
export function leafHash(body: string): string {
  return createHash("sha256").update(LEAF_PREFIX).update(body, "utf8").digest("hex");
}

const LEAF_PREFIX = Uint8Array.of(0);

/** A digest under a request's own salt. Without the salt, which is erased with the payload, nobody can find it by trying. */
export function salted(salt: Uint8Array, digest: string): string {
  return createHash("sha256").update(salt).update(digest, "utf8").digest("hex");
}
