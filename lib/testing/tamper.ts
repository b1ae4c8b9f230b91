import { BUNDLE_LINES } from "@/lib/core/ledger/bundle-line";
import { checkpointText, readCheckpoint } from "@/lib/core/ledger/checkpoint";
import { rootOfLeaves, type Hash } from "@/lib/core/ledger/merkle";
import { leafOfEntry } from "@/lib/core/ledger/append-entries";
import { noteOf, readNote } from "@/lib/core/ledger/note";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { sha256 } from "@/lib/platform/ed25519";
import type { Signer } from "@/lib/services/ledger/signer-cache";

/** A bundle taken apart. */
export type Parts = { readonly [type: string]: readonly JsonObject[] };

const ORDER = BUNDLE_LINES;

/** Chance that repeats: the same seed gives the same choices. */
export type Chance = { below(count: number): number; one<T>(list: readonly T[]): T };

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    below: (count) => Math.floor(next() * count),
    one: (list) => {
      const found = list[Math.floor(next() * list.length)];
      if (found === undefined) throw new Error("nothing to choose from");
      return found;
    },
  };
}

export function partsOf(lines: readonly string[]): Parts {
  const parts: Record<string, JsonObject[]> = Object.fromEntries(ORDER.map((type) => [type, []]));
  for (const line of lines) {
    const value: Json = JSON.parse(line);
    if (isJsonObject(value)) parts[String(value["type"])]?.push(value);
  }
  return parts;
}

// Most of a tampered bundle is the same objects as before.
const texts = new WeakMap<JsonObject, string>();
const leafHashes = new WeakMap<JsonObject, Hash>();

function remembered<T>(known: WeakMap<JsonObject, T>, key: JsonObject, make: (key: JsonObject) => T): T {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
}

export const linesOf = (parts: Parts): string[] =>
  ORDER.flatMap((type) => (parts[type] ?? []).map((line) => remembered(texts, line, canonicalJson)));

/** A value like this one, but another: what a person with access to the table would write into a field. */
export function otherValue(chance: Chance, value: Json): Json {
  if (typeof value === "string") {
    if (value === "") return "x";
    const at = chance.below(value.length);
    const put = value[at] === "7" ? "8" : "7";
    return value.slice(0, at) + put + value.slice(at + 1);
  }
  if (typeof value === "number") return value + 1 + chance.below(3);
  if (typeof value === "boolean") return !value;
  if (value === null) return "x";
  return isJsonArray(value) ? [...value, "x"] : { ...value, x: 1 };
}

/** Every place of a value that can be changed, as paths. */
export function placesOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  const members = isJsonObject(value) ? Object.entries(value) : isJsonArray(value) ? [...value.entries()] : [];
  const below = members.flatMap(([name, member]) => placesOf(member, [...path, String(name)]));
  return path.length === 0 ? below : [path, ...below];
}

/** The value with the member at a path put through `change`. */
export function changedAt(value: Json, path: readonly string[], change: (old: Json) => Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return change(value);
  if (isJsonArray(value)) return value.map((item, at) => (String(at) === name ? changedAt(item, rest, change) : item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === name ? changedAt(member, rest, change) : member]),
  );
}

/**
 * Makes a bundle out of other entries as somebody with the whole database would: indexes, hashes, roots, header and end
 * all fit again. With a signer the checkpoints are signed anew, else they stay as they were.
 */
export function resealed(parts: Parts, entries: readonly JsonObject[], signer: Signer | null): Parts {
  const leaves: Hash[] = entries.map((entry) => remembered(leafHashes, entry, (body) => leafOfEntry(sha256, body)));
  const size = entries.length;
  const lines = entries.map(
    (entry, at): JsonObject => ({ type: "entry", entry, index: at, leaf_hash: leaves[at] ?? "" }),
  );
  const checkpoint = (parts["checkpoint"] ?? []).flatMap((line): JsonObject[] => {
    const text = readNote(String(line["note"]))?.text ?? "";
    const says = readCheckpoint(text);
    if (!says || signer === null) return [line];
    const last = line === parts["checkpoint"]?.at(-1);
    const upTo = last ? size : Number(says.size);
    if (upTo > size || (!last && upTo === size)) return [];
    const root = rootOfLeaves(sha256, leaves.slice(0, upTo));
    const made = checkpointText({ ...says, origin: signer.key.name, size: BigInt(upTo), root });
    return [{ ...line, note: noteOf(made, signer.key, signer.sign(new TextEncoder().encode(made))) }];
  });
  const header = (parts["header"] ?? []).map((line) => ({ ...line, size, root_hash: rootOfLeaves(sha256, leaves) }));
  return counted({ ...parts, header, checkpoint, entry: lines });
}

/** With an end that names the number of lines there are. */
export function counted(parts: Parts): Parts {
  const lines = ORDER.reduce((sum, type) => sum + (parts[type]?.length ?? 0), 0);
  return { ...parts, end: (parts["end"] ?? []).map((line) => ({ ...line, lines })) };
}
