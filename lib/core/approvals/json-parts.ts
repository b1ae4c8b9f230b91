import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { clip, counted, type Part, type PathChange, SHOWN, spoken } from "./part";
import { eachLeaf, pointerToken, valueText } from "./value-text";

type Change = { readonly path: string; readonly before: Json | undefined; readonly after: Json | undefined };

/** The difference of two JSON values, path by path; items of a list are matched by their id where all have one. */
export function jsonParts(id: string, title: string, before: Json, after: Json): readonly Part[] {
  const changes = jsonChanges(before, after);
  const shown = changes.slice(0, SHOWN.paths).map(shownChange);
  const of = (status: PathChange["status"]) => changes.filter((change) => statusOf(change) === status).length;
  const cut = shown.some((change) => (change.before?.omitted ?? 0) + (change.after?.omitted ?? 0) > 0);
  const why = [
    changes.length > SHOWN.paths &&
      `${SHOWN.paths.toLocaleString("en-US")} of ${counted(changes.length, "change")} shown`,
    cut && "long values are cut",
  ].filter((reason) => reason !== false);
  return [
    {
      id,
      title: `${title} (${counted(changes.length, "change")})`,
      summary:
        changes.length === 0
          ? "No change"
          : spoken(changes.length, "change", { added: of("added"), removed: of("removed"), changed: of("changed") }),
      changes: changes.length,
      uninspectable: why.length === 0 ? null : why.join("; "),
      body: { kind: "paths", items: shown },
    },
  ];
}

/** Every place where two values differ, down to the leaves. */
export function jsonChanges(before: Json, after: Json): readonly Change[] {
  const changes: Change[] = [];
  compare("", before, after, changes);
  return changes;
}

function compare(path: string, before: Json | undefined, after: Json | undefined, into: Change[]): void {
  if (before === undefined || after === undefined) {
    const side = before ?? after;
    if (side === undefined) return;
    eachLeaf(
      side,
      (at, leaf) => into.push(before === undefined ? change(at, undefined, leaf) : change(at, leaf, undefined)),
      path,
    );
    return;
  }
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of [...keys].sort())
      compare(`${path}/${pointerToken(key)}`, own(before, key), own(after, key), into);
    return;
  }
  if (isJsonArray(before) && isJsonArray(after)) {
    compareLists(path, before, after, into);
    return;
  }
  if (canonicalJson(before) !== canonicalJson(after)) into.push(change(path, before, after));
}

const change = (path: string, before: Json | undefined, after: Json | undefined): Change => ({ path, before, after });
const own = (object: JsonObject, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined);

function compareLists(path: string, before: readonly Json[], after: readonly Json[], into: Change[]): void {
  const name = ["id", "key", "name"].find((candidate) => isUniquely(before, candidate) && isUniquely(after, candidate));
  if (name === undefined) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      compare(`${path}/${index}`, before[index], after[index], into);
    }
    return;
  }
  const left = byName(before, name);
  const right = byName(after, name);
  for (const identity of new Set([...left.keys(), ...right.keys()])) {
    compare(`${path}/[${name}=${identity}]`, left.get(identity), right.get(identity), into);
  }
}

function isUniquely(list: readonly Json[], name: string): boolean {
  if (!list.every((item) => isJsonObject(item) && own(item, name) !== undefined)) return false;
  return byName(list, name).size === list.length;
}

function byName(list: readonly Json[], name: string): Map<string, Json> {
  return new Map(list.map((item) => [isJsonObject(item) ? canonicalJson(own(item, name) ?? null) : "", item]));
}

function statusOf(change: Change): PathChange["status"] {
  return change.before === undefined ? "added" : change.after === undefined ? "removed" : "changed";
}

function shownChange(change: Change): PathChange {
  const text = (value: Json | undefined) => (value === undefined ? null : clip(valueText(value), SHOWN.valueChars));
  return {
    path: change.path === "" ? "/" : change.path,
    status: statusOf(change),
    before: text(change.before),
    after: text(change.after),
  };
}
