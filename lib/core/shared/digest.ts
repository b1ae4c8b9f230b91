import { canonicalJson } from "./canonical-json";
import type { Json } from "./json";

/** SHA-256 of a text's UTF-8 bytes in 64 lower-case hex digits; injected, so that the core runs anywhere. */
export type Sha256Hex = (text: string) => string;

/** What an approval is bound to (`design.md` §3.4). The names are the keys that are hashed. */
export type Action = {
  readonly agent: string;
  readonly session: string;
  readonly tool: string;
  readonly tool_hash: string;
  readonly args: Json;
  readonly manifest_version: number;
};

/** The digest of a JSON value: of its canonical form, so equal values have equal digests. */
export function digestOf(sha256Hex: Sha256Hex, value: Json): string {
  return sha256Hex(canonicalJson(value));
}

/** The digest shown to the reviewer and checked again when the approval is consumed. */
export function actionDigest(sha256Hex: Sha256Hex, action: Action): string {
  // Named one by one: a caller's wider object must not change what is hashed.
  const { agent, session, tool, tool_hash, args, manifest_version } = action;
  return digestOf(sha256Hex, { agent, session, tool, tool_hash, args, manifest_version });
}

/** A digest for people to compare at a glance: `9f3c 41d0 … 77ae`. Never compare this form in code. */
export function shortDigest(hex: string): string {
  return `${hex.slice(0, 4)} ${hex.slice(4, 8)} … ${hex.slice(-4)}`;
}
