import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Json } from "@/lib/core/shared/json";

/** What a change does to what an agent may do. */
export type ChangeKind = "narrowing" | "neutral" | "widening";

/**
 * One change in words. `path` points into the new manifest, or into the old one for what is gone.
 *
 * Conservative: `narrowing` and `neutral` are proved, everything else is `widening`.
 */
export type Change = { readonly path: string; readonly kind: ChangeKind; readonly sentence: string };

/** The old and the new value of one key; `undefined` is absent. */
export type Pair<T> = { readonly before: T | undefined; readonly after: T | undefined };

export const same = (before: unknown, after: unknown) => textOf(before) === textOf(after);

function textOf(value: unknown): string {
  // Parsed manifests hold JSON only; keys may still be present as undefined.
  return value === undefined ? "" : canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
}

/** A limit: absent is no limit at all. */
export function limitKind({ before, after }: Pair<number>, tighter: "lower" | "higher"): ChangeKind {
  if (before === after) return "neutral";
  if (before === undefined) return "narrowing";
  if (after === undefined) return "widening";
  return (tighter === "lower" ? after < before : after > before) ? "narrowing" : "widening";
}

/** A list of what is permitted (`subset` is tighter) or demanded (`superset` is tighter); absent is no rule at all. */
export function listKind({ before, after }: Pair<readonly unknown[]>, tighter: "subset" | "superset"): ChangeKind {
  const old = before === undefined ? undefined : new Set(before.map(textOf));
  const now = after === undefined ? undefined : new Set(after.map(textOf));
  if (old === undefined) return now === undefined ? "neutral" : "narrowing";
  if (now === undefined) return "widening";
  const shrinks = [...now].every((item) => old.has(item));
  const grows = [...old].every((item) => now.has(item));
  if (shrinks && grows) return "neutral";
  return (tighter === "subset" ? shrinks : grows) ? "narrowing" : "widening";
}

/** A demand that is there or not: a new one narrows, a lost or different one may widen. */
export function demandKind({ before, after }: Pair<unknown>): ChangeKind {
  if (same(before, after)) return "neutral";
  return before === undefined ? "narrowing" : "widening";
}

/** Says what became of a key, in the words of the manifest. */
export function sentenceOf(key: string, { before, after }: Pair<unknown>, where = ""): string {
  const place = where === "" ? `\`${key}\`` : `\`${key}\` of ${where}`;
  if (before === undefined) return `${place} is now ${shownValue(after)}.`;
  if (after === undefined) return `${place} is gone; it was ${shownValue(before)}.`;
  return `${place} goes from ${shownValue(before)} to ${shownValue(after)}.`;
}

function shownValue(value: unknown): string {
  const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** Collects the changes of one comparison; nothing is recorded where nothing changed. */
export class ChangeList {
  readonly changes: Change[] = [];

  /** Records a key whose values differ. */
  compare(
    place: { readonly path: string; readonly key: string; readonly where?: string },
    pair: Pair<unknown>,
    kind: ChangeKind,
  ): void {
    if (same(pair.before, pair.after)) return;
    this.add({ path: `${place.path}/${place.key}`, kind, sentence: sentenceOf(place.key, pair, place.where) });
  }

  add(change: Change): void {
    this.changes.push(change);
  }
}

/** The kind of many changes together. */
export function overallKind(changes: readonly Change[]): ChangeKind {
  if (changes.some(({ kind }) => kind === "widening")) return "widening";
  return changes.some(({ kind }) => kind === "narrowing") ? "narrowing" : "neutral";
}
