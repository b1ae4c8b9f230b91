import type { VerifierKey } from "./verifier-key";

const utf8 = new TextEncoder();

/** What the old key signs to make the new one its heir. */
export function rotationMessage(previous: VerifierKey, next: VerifierKey): Uint8Array {
  return utf8.encode(`interlock-rotate-v1\n${previous.text}\n${next.text}\n`);
}
