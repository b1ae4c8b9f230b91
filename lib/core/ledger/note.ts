import { base64Of, bytesOfBase64 } from "@/lib/core/shared/base64";

import { bytesOf, hexOf } from "./merkle";
import type { VerifierKey, VerifyEd25519 } from "./verifier-key";

/** One signature line of a note, whoever made it. */
export type NoteSignature = { readonly name: string; readonly id: string; readonly signature: Uint8Array };

/** A note taken apart. Its text means nothing until a signature by a known key is verified. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** `unknown_key`: nobody we know signed it. `bad_signature`: somebody we know is said to have, and did not. */
export type NoteFault = "malformed" | "unknown_key" | "bad_signature";

const MAX_CHARACTERS = 1_000_000;
const MAX_SIGNATURES = 100;
const KEY_ID_BYTES = 4;
const LINE = /^— ([^\s+\p{Cc}]+) ([A-Za-z0-9+/=]+)$/u;

const utf8 = new TextEncoder();

/** A note with one signature. `text` ends in a newline and has no control characters besides. @source C2SP signed-note */
export function noteOf(text: string, key: VerifierKey, signature: Uint8Array): string {
  return `${text}\n— ${key.name} ${base64Of(Uint8Array.of(...idBytes(key.id), ...signature))}\n`;
}

/** Takes a note apart; null when it is none. */
export function readNote(note: string): Note | null {
  if (note.length > MAX_CHARACTERS || !note.endsWith("\n") || !note.isWellFormed()) return null;
  // Control characters other than the newline have no place in a note.
  if (/[^\P{Cc}\n\u007f-\u009f]/u.test(note)) return null;
  const split = note.lastIndexOf("\n\n");
  if (split < 0) return null;
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return null;
  const signatures = lines.map(readSignature);
  if (!signatures.every((signature) => signature !== null)) return null;
  return { text: note.slice(0, split + 1), signatures };
}

function readSignature(line: string): NoteSignature | null {
  const [, name, encoded] = LINE.exec(line) ?? [];
  const bytes = encoded === undefined ? null : bytesOfBase64(encoded);
  if (name === undefined || bytes === null || bytes.length <= KEY_ID_BYTES) return null;
  const id = hexOf(bytes.slice(0, KEY_ID_BYTES));
  return { name, id, signature: bytes.slice(KEY_ID_BYTES) };
}

/**
 * The text of a note and the known key that signed it, or why it is not to be believed.
 *
 * Every signature that names a known key must be right; signatures of unknown keys are ignored.
 */
export function openNote(
  verify: VerifyEd25519,
  note: string,
  known: readonly VerifierKey[],
):
  | { readonly ok: true; readonly text: string; readonly key: VerifierKey }
  | { readonly ok: false; readonly why: NoteFault } {
  const read = readNote(note);
  if (read === null) return { ok: false, why: "malformed" };
  const message = utf8.encode(read.text);
  let signer: VerifierKey | null = null;
  for (const { name, id, signature } of read.signatures) {
    const key = known.find((candidate) => candidate.name === name && candidate.id === id);
    if (key === undefined) continue;
    if (!verify(key.publicKey, message, signature)) return { ok: false, why: "bad_signature" };
    signer ??= key;
  }
  return signer === null ? { ok: false, why: "unknown_key" } : { ok: true, text: read.text, key: signer };
}

const idBytes = (id: string): Uint8Array => bytesOf(id.padEnd(64, "0")).slice(0, KEY_ID_BYTES);
