import { bytesOfBase64 } from "@/lib/core/shared/base64";
import type { JsonObject } from "@/lib/core/shared/json";

import { type Checkpoint, readCheckpoint } from "./checkpoint";
import type { Findings } from "./finding";
import type { Sha256 } from "./merkle";
import { openNote, readNote } from "./note";
import { rotationMessage } from "./rotation";
import { readVerifierKey, type VerifierKey, type VerifyEd25519 } from "./verifier-key";

/** What believing a signature takes; injected, so that auditors' machines and browsers run the same. */
export type LedgerCrypto = { readonly sha256: Sha256; readonly verify: VerifyEd25519 };

/** A change of keys as the log tells it. */
export type Rotation = { readonly index: number; readonly next: VerifierKey; readonly previous: VerifierKey | null };

/** A key and the sizes it may sign: none that hold the entry which retired it. */
export type TrustedKey = { readonly key: VerifierKey; readonly until: number };

/** A checkpoint as it was given to us; nothing of it is believed yet. */
export type ClaimedCheckpoint = { readonly note: string; readonly says: Checkpoint };

/** Takes a note apart without believing it; null when it is no checkpoint. */
export function readClaim(note: string): ClaimedCheckpoint | null {
  const text = readNote(note)?.text;
  const says = text === undefined ? null : readCheckpoint(text);
  return says && { note, says };
}

/** Reads a `ledger.rotate` entry; what is said to be signed by the old key must be. */
export function readRotation(
  { sha256, verify }: LedgerCrypto,
  details: JsonObject,
  index: number,
  findings: Findings,
): Rotation | null {
  const next = readVerifierKey(sha256, String(details["key"]));
  const named = details["previous"] ?? null;
  const previous = named === null ? null : readVerifierKey(sha256, String(named));
  const signature = details["signature"] ?? null;
  if (next === null || (named !== null && previous === null)) {
    findings.add("tampered", "bad_rotation", index, "The entry names no readable key.");
    return null;
  }
  if (previous === null || signature === null) return { index, next, previous: null };
  const bytes = bytesOfBase64(String(signature));
  if (bytes === null || !verify(previous.publicKey, rotationMessage(previous, next), bytes)) {
    findings.add("tampered", "bad_rotation", index, `The key ${previous.id} did not sign for ${next.id}.`);
    return null;
  }
  return { index, next, previous };
}

/**
 * The keys to believe: those pinned, their heirs, and for older checkpoints those they inherited from.
 *
 * A key found beside the log is never believed for being there: only a chain of signatures from a pinned key leads to it.
 */
export function trustedKeys(pinned: readonly VerifierKey[], rotations: readonly Rotation[]): readonly TrustedKey[] {
  const trusted = new Map<string, VerifierKey>(pinned.map((key) => [key.text, key]));
  for (let grew = true; grew; ) {
    const before = trusted.size;
    for (const { previous, next } of rotations) {
      if (previous === null) continue;
      if (trusted.has(previous.text)) trusted.set(next.text, next);
      // The heir's signature covers the entry that names its forebear.
      if (trusted.has(next.text)) trusted.set(previous.text, previous);
    }
    grew = trusted.size > before;
  }
  return [...trusted.values()].map((key) => ({
    key,
    until: rotations.find((rotation) => rotation.previous?.text === key.text)?.index ?? Number.POSITIVE_INFINITY,
  }));
}

/** Whether a trusted key signed this checkpoint while it was in force; says what is wrong when not. */
export function isSigned(
  verify: VerifyEd25519,
  claim: ClaimedCheckpoint,
  trusted: readonly TrustedKey[],
  findings: Findings,
  what = "checkpoint",
): boolean {
  const size = Number(claim.says.size);
  const last = size - 1;
  const opened = openNote(
    verify,
    claim.note,
    trusted.map(({ key }) => key),
  );
  if (!opened.ok) {
    const unknown = opened.why === "unknown_key";
    const message = unknown
      ? `UNKNOWN KEY: no trusted key signed the ${what} of size ${size}.`
      : `The signature of the ${what} of size ${size} is wrong.`;
    findings.add(unknown ? "unknown_key" : "tampered", opened.why, last, message);
    return false;
  }
  if (claim.says.origin !== opened.key.name) {
    findings.add(
      "tampered",
      "wrong_origin",
      last,
      `The ${what} of size ${size} is of another log: ${claim.says.origin}.`,
    );
    return false;
  }
  const { until } = trusted.find(({ key }) => key.text === opened.key.text) ?? { until: 0 };
  if (size > until) {
    const message = `The ${what} of size ${size} is signed by the key ${opened.key.id}, which entry ${until} retired.`;
    findings.add("tampered", "retired_key", last, message);
    return false;
  }
  return true;
}
