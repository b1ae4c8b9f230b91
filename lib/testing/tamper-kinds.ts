import type { JsonObject } from "@/lib/core/shared/json";
import { isJsonObject } from "@/lib/core/shared/json";
import type { Signer } from "@/lib/services/ledger/signer-cache";

import { type Chance, changedAt, counted, linesOf, otherValue, type Parts, placesOf, resealed } from "./tamper";

/** One way of tampering. `needsSince`: only somebody who kept a checkpoint can see it. */
export type TamperKind = {
  readonly name: string;
  readonly needsSince?: boolean;
  make(parts: Parts, chance: Chance, keys: { readonly own: Signer; readonly foreign: Signer }): readonly string[];
};

const of = (parts: Parts, type: string): readonly JsonObject[] => parts[type] ?? [];
const entriesOf = (parts: Parts): readonly JsonObject[] =>
  of(parts, "entry").map((line) => (isJsonObject(line["entry"]) ? line["entry"] : {}));
const without = <T>(list: readonly T[], at: number): readonly T[] => list.filter((_, place) => place !== at);

function edited(entry: JsonObject, chance: Chance): JsonObject {
  const path = chance.one(placesOf(entry));
  const changed = changedAt(entry, path, (old) => otherValue(chance, old));
  return isJsonObject(changed) ? changed : {};
}

/** One line of a kind with one member changed. */
function withLine(parts: Parts, type: string, chance: Chance, names: readonly string[]): readonly string[] {
  const lines = of(parts, type).filter((line) => names.some((name) => name in line));
  const line = chance.one(lines);
  const name = chance.one(names.filter((candidate) => candidate in line));
  const places = placesOf({ [name]: line[name] ?? null });
  const changed = changedAt(line, chance.one(places), (old) => otherValue(chance, old));
  const other = isJsonObject(changed) ? changed : {};
  return linesOf({ ...parts, [type]: of(parts, type).map((old) => (old === line ? other : old)) });
}

/** The kinds of `safety.md` G10, each as a person who can write to the database would do it. */
export const TAMPER_KINDS: readonly TamperKind[] = [
  {
    name: "edit a field of an entry",
    make: (parts, chance) => withLine(parts, "entry", chance, ["entry", "leaf_hash"]),
  },
  {
    name: "edit a field and make every hash fit again",
    make(parts, chance) {
      const entries = entriesOf(parts);
      const at = chance.below(entries.length);
      return linesOf(
        resealed(
          parts,
          entries.map((entry, place) => (place === at ? edited(entry, chance) : entry)),
          null,
        ),
      );
    },
  },
  {
    name: "delete an entry",
    make(parts, chance) {
      const lines = of(parts, "entry");
      const at = chance.below(lines.length);
      if (chance.below(2) === 0) return linesOf(counted({ ...parts, entry: without(lines, at) }));
      return linesOf(resealed(parts, without(entriesOf(parts), at), null));
    },
  },
  {
    name: "swap two entries",
    make(parts, chance) {
      const entries = [...entriesOf(parts)];
      const one = chance.below(entries.length);
      const other = (one + 1 + chance.below(entries.length - 1)) % entries.length;
      [entries[one], entries[other]] = [entries[other] ?? {}, entries[one] ?? {}];
      return linesOf(resealed(parts, entries, null));
    },
  },
  {
    name: "insert an entry",
    make(parts, chance) {
      const entries = [...entriesOf(parts)];
      entries.splice(chance.below(entries.length + 1), 0, edited(chance.one(entries), chance));
      return linesOf(resealed(parts, entries, null));
    },
  },
  {
    name: "duplicate an entry",
    make(parts, chance) {
      const entries = [...entriesOf(parts)];
      entries.splice(chance.below(entries.length + 1), 0, chance.one(entries));
      return linesOf(resealed(parts, entries, null));
    },
  },
  {
    name: "cut the file",
    make(parts, chance) {
      const lines = linesOf(parts);
      return lines.slice(0, 1 + chance.below(lines.length - 1));
    },
  },
  {
    name: "cut the log and make everything fit, with the key",
    needsSince: true,
    make(parts, chance, { own }) {
      const entries = entriesOf(parts);
      const kept = 1 + chance.below(entries.length - 1);
      const payload = of(parts, "payload").filter((line) => Number(line["index"]) < kept);
      return linesOf(resealed({ ...parts, payload }, entries.slice(0, kept), own));
    },
  },
  {
    name: "renumber",
    make(parts, chance) {
      const from = chance.below(of(parts, "entry").length);
      const by = 1 + chance.below(3);
      const entry = of(parts, "entry").map((line, at) => (at < from ? line : { ...line, index: at + by }));
      return linesOf({ ...parts, entry });
    },
  },
  {
    name: "swap or edit a checkpoint",
    make(parts, chance) {
      const lines = of(parts, "checkpoint");
      if (chance.below(2) === 0) return withLine(parts, "checkpoint", chance, ["note"]);
      const at = chance.below(lines.length - 1);
      const swapped = [...lines.slice(0, at), ...lines.slice(at, at + 2).toReversed(), ...lines.slice(at + 2)];
      return linesOf({ ...parts, checkpoint: swapped });
    },
  },
  {
    name: "write it all anew, signed with a foreign key of the same name",
    make(parts, chance, { foreign }) {
      const entries = entriesOf(parts);
      const at = chance.below(entries.length);
      return linesOf(
        resealed(
          parts,
          entries.map((entry, place) => (place === at ? edited(entry, chance) : entry)),
          foreign,
        ),
      );
    },
  },
  {
    name: "fork: another history of the same size, signed with the key",
    needsSince: true,
    make(parts, chance, { own }) {
      const entries = entriesOf(parts);
      const at = chance.below(entries.length);
      return linesOf(
        resealed(
          parts,
          entries.map((entry, place) => (place === at ? edited(entry, chance) : entry)),
          own,
        ),
      );
    },
  },
  { name: "change a manifest", make: (parts, chance) => withLine(parts, "manifest", chance, ["content", "hash"]) },
  {
    name: "change a tool definition",
    make: (parts, chance) => withLine(parts, "tool", chance, ["definition", "hash"]),
  },
  {
    name: "change a payload",
    make: (parts, chance) =>
      withLine(parts, "payload", chance, ["call", "salt", "decision", "index", "state", "beside"]),
  },
  {
    name: "withhold payloads",
    make(parts, chance) {
      const gone = 1 + chance.below(of(parts, "payload").length);
      const state = chance.one(["pruned", "erased"]);
      const payload = of(parts, "payload").map((line, at) =>
        at < gone ? { decision: line["decision"] ?? "", index: line["index"] ?? 0, state, type: "payload" } : line,
      );
      return linesOf({ ...parts, payload });
    },
  },
  {
    name: "change what the file says of itself",
    make: (parts, chance) =>
      withLine(parts, chance.one(["header", "key", "end"]), chance, [
        "log",
        "workspace",
        "size",
        "root_hash",
        "v",
        "key",
        "lines",
      ]),
  },
  {
    name: "change a vote",
    make(parts, chance) {
      const entries = entriesOf(parts);
      const votes = entries.filter((entry) => String(entry["kind"]).startsWith("approval."));
      const vote = chance.one(votes);
      return linesOf(
        resealed(
          parts,
          entries.map((entry) => (entry === vote ? edited(entry, chance) : entry)),
          null,
        ),
      );
    },
  },
];
