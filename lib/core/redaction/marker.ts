import type { Detector } from "./schema";

/** A value is replaced by one of these, and is left alone when it is one already. */
const MARKER = /^\[(?:redacted:[a-z_]+|[a-z_]+:h[0-9a-f]{16})\]$/;
const AT = /\[(?:redacted:[a-z_]+|[a-z_]+:h[0-9a-f]{16})\]/y;
const ANY = /\[(?:redacted:([a-z_]+)|([a-z_]+):h[0-9a-f]{16})\]/g;
const HASH_DIGITS = 16;

/** What stands in the place of a masked value: `[redacted:card]`. */
export const maskOf = (detector: Detector | "too_deep"): string => `[redacted:${detector}]`;

/** What stands in the place of a hashed value. The `h` keeps a hash that happens to be all digits from reading as a card. */
export const hashOf = (detector: Detector, hex: string): string => `[${detector}:h${hex.slice(0, HASH_DIGITS)}]`;

/** Whether the text is what we put in the place of a value. */
export const isMarker = (text: string): boolean => text.startsWith("[") && MARKER.test(text);

/** The length of the marker that begins at this place; 0 where there is none. */
export function markerAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x5b) return 0;
  AT.lastIndex = at;
  return AT.exec(text)?.[0].length ?? 0;
}

/** Adds how often each kind of value was replaced in a text to what was counted before. */
export function countMarkers(text: string, counts: Map<string, number>): void {
  for (const [, masked, hashed] of text.matchAll(ANY)) {
    const kind = masked ?? hashed ?? "";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
}
