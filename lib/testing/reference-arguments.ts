import type { Call } from "@/lib/core/decisions/schema";
import type { Condition } from "@/lib/core/manifests/condition-schema";
import type { ConstraintValue } from "@/lib/core/manifests/constraint-schema";
import type { Json } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import type { CatalogueTool } from "@/lib/core/tools/schema";

import { meetsCommands } from "./reference-commands";
import type { Objection, World } from "./reference-world";

/** Check 6, read straight from the manifest. */
export function argumentsOf(world: World): Objection[] {
  const { manifest, guardrail, entries, restrictions, tool, call } = world;
  const known = Object.keys((tool.argsSchema["properties"] ?? {}) as object); // schemas of the tests are well formed
  const found: Objection[] = [];
  for (const entry of [...entries, ...restrictions]) {
    const isPattern = /[*?]/.test(entry.name);
    if (entry.scope) found.push(...scope(entry.scope, { tool, known, args: call.args }));
    for (const [name, value] of Object.entries(entry.constraints ?? {})) {
      if (isPattern && !concerns(name, { known, args: call.args })) continue;
      if (name.endsWith("_commands")) {
        if (!meetsCommands(name, value, world)) found.push(["deny", "constraint_unmet"]);
        continue;
      }
      if (!meets(name, value, { known, args: call.args })) found.push(["deny", "constraint_unmet"]);
    }
    if (entry.when && truth(entry.when, call.args) !== true) found.push(["deny", "condition_not_met"]);
    if (entry.ids_only === true && !namesIds(call.args)) found.push(["deny", "predicate_not_allowed"]);
  }
  for (const hosts of [manifest.egress?.allow, guardrail?.egress?.allow])
    if (hosts && textsIn(call.args).some((text) => !addressesOnly(text, hosts)))
      found.push(["deny", "egress_not_allowed"]);
  // The engine may give several reasons of one code; the reference says each once.
  return [...new Map(found.map((one) => [one[1], one])).values()];
}

type Given = { readonly known: readonly string[]; readonly args: Call["args"] };

function scope(
  listed: readonly string[],
  { tool, known, args }: Given & { readonly tool: CatalogueTool },
): Objection[] {
  const names = tool.scopeArgument === null ? ["scope", "fields"] : [tool.scopeArgument];
  const present = names.filter((name) => Object.hasOwn(args, name));
  if (present.length === 0) {
    const isKnown = tool.scopeArgument !== null || names.some((name) => known.includes(name));
    return isKnown ? [["deny", "scope_missing"]] : [];
  }
  return present.flatMap((name): Objection[] => {
    const asked = [args[name] ?? null].flat();
    if (asked.length === 0 || args[name] === null) return [["deny", "scope_missing"]];
    return asked.every((item) => typeof item === "string" && listed.includes(item)) ? [] : [["deny", "scope_exceeded"]];
  });
}

/** A restriction by pattern binds a tool that has the argument, or a call that carries it. */
function concerns(name: string, { known, args }: Given): boolean {
  const argument = name.replace(/^(allowed|denied|max_length|max|min|prefix)_/, "");
  if (argument === "commands") return known.length === 0 || Object.hasOwn(args, "command");
  const candidates = argument === "statuses" ? ["status", "statuses", "statuse"] : [argument];
  return known.length === 0 || candidates.some((one) => known.includes(one) || Object.hasOwn(args, one));
}

/** For the constraint names of the tests: of `statuses`, `amount`, `note` and `path`. */
function meets(name: string, limit: ConstraintValue, { known, args }: Given): boolean {
  const argument = name.replace(/^(allowed|denied|max_length|max|min|prefix)_/, "").replace(/^statuses$/, "status");
  const candidates = argument === "status" ? ["status", "statuses"] : [argument];
  const meant = candidates.some((one) => known.includes(one))
    ? candidates.filter((one) => known.includes(one))
    : candidates;
  const present = [...meant, ...(argument === "status" && meant === candidates ? ["statuse"] : [])].filter((one) =>
    Object.hasOwn(args, one),
  );
  if (!meant.some((one) => present.includes(one))) return false;
  return present.every((one) => {
    const value = args[one] ?? null;
    if (one === "statuses" && !Array.isArray(value)) return false;
    const items: readonly Json[] = Array.isArray(value) ? value : [value];
    if (name.startsWith("max_length_")) return typeof value === "string" && [...value].length <= Number(limit);
    return items.length > 0 && items.every((item) => passes(name, limit, item));
  });
}

function passes(name: string, limit: ConstraintValue, item: Json): boolean {
  const list = [limit].flat().filter((one) => typeof one !== "object" || one === null);
  if (name.startsWith("allowed_")) return list.some((one) => one === item);
  if (name.startsWith("denied_")) {
    if (typeof item === "object" && item !== null) return false;
    return !list.some(
      (one) => one === item || (one !== null && item !== null && skeletonOf(String(one)) === skeletonOf(String(item))),
    );
  }
  if (name.startsWith("max_")) return typeof item === "number" && item <= Number(limit);
  if (name.startsWith("min_")) return typeof item === "number" && item >= Number(limit);
  return typeof item === "string" && list.some((one) => begins(item, String(one)) === true);
}

/** A path by its folders, anything else by its letters; null where case or look alone tell them apart. */
function begins(text: string, prefix: string): boolean | null {
  const starts = (one: string, other: string) =>
    prefix.includes("/") ? resolved(one).startsWith(resolved(other)) : one.startsWith(other);
  if (prefix.includes("/") && text.startsWith("/") !== prefix.startsWith("/")) return null;
  if (starts(text, prefix)) return true;
  return starts(skeletonOf(text), skeletonOf(prefix)) ? null : false;
}

/** A path with a slash after each of its folders, `..` taken back. */
function resolved(path: string): string {
  const folders: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") folders.pop();
    else if (part !== "" && part !== ".") folders.push(part);
  }
  return folders.map((folder) => `${folder}/`).join("");
}

/** True, false, or null for not known. */
export function truth(condition: Condition, args: Call["args"]): boolean | null {
  if ("all" in condition)
    return both(
      condition.all.map((one) => truth(one, args)),
      false,
    );
  if ("any" in condition)
    return both(
      condition.any.map((one) => truth(one, args)),
      true,
    );
  if ("not" in condition) {
    const inner = truth(condition.not, args);
    return inner === null ? null : !inner;
  }
  const value = Object.hasOwn(args, condition.arg) ? args[condition.arg] : undefined;
  if (value === undefined) return null;
  const answers: (boolean | null)[] = [];
  const { equals, in: list, at_most: most, at_least: least, prefix, max_items: items } = condition;
  if (equals !== undefined) answers.push(isEqual(value, equals));
  if (list !== undefined)
    answers.push(
      both(
        list.map((one) => isEqual(value, one)),
        true,
      ),
    );
  if (most !== undefined) answers.push(typeof value === "number" ? value <= most : null);
  if (least !== undefined) answers.push(typeof value === "number" ? value >= least : null);
  if (prefix !== undefined) answers.push(typeof value === "string" ? begins(value, prefix) : null);
  if (items !== undefined) answers.push(Array.isArray(value) ? value.length <= items : null);
  return both(answers, false);
}

/** Three-valued "or" when `decisive` is true, "and" when it is false. */
function both(answers: readonly (boolean | null)[], decisive: boolean): boolean | null {
  if (answers.includes(decisive)) return decisive;
  return answers.includes(null) ? null : !decisive;
}

function isEqual(value: Json, wanted: Json): boolean | null {
  if (value === wanted) return true;
  if (typeof value !== typeof wanted || typeof value === "object") return null;
  return typeof value === "string" && skeletonOf(value) === skeletonOf(String(wanted)) ? null : false;
}

const PREDICATES = ["where", "filter", "query", "match", "predicate"];

/** For the arguments of the tests: `id`, `ids`, and the usual predicates, at any depth. */
function namesIds(args: Json): boolean {
  let ids = 0;
  const isClean = (node: Json): boolean => {
    if (Array.isArray(node)) return node.every(isClean);
    if (typeof node !== "object" || node === null) return true;
    if (Object.keys(node).some((name) => name.startsWith("$"))) return false;
    return Object.entries(node).every(([name, value]: [string, Json]) => {
      if (PREDICATES.includes(name)) return false;
      if (name !== "id" && name !== "ids") return isClean(value);
      ids += 1;
      const list: readonly Json[] = Array.isArray(value) ? value : [value];
      return (
        list.length > 0 &&
        list.every(
          (id) => (Number.isSafeInteger(id) && Number(id) >= 0) || (typeof id === "string" && /^[\w-]+$/.test(id)),
        )
      );
    });
  };
  return isClean(args) && ids > 0;
}

/** Every text with the name it stands under; names of keys are texts themselves. */
function textsIn(node: Json, name = ""): { readonly name: string; readonly text: string }[] {
  if (typeof node === "string") return [{ name, text: node }];
  if (typeof node === "number" && name === "url") return [{ name, text: String(node) }];
  if (Array.isArray(node)) return node.flatMap((item) => textsIn(item, name));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, Json]) => [
    { name: "", text: key },
    ...textsIn(value, key),
  ]);
}

/** For the texts of the tests: whole or embedded `http(s)` URLs, and bare hosts under `url`. */
function addressesOnly(
  { name, text }: { readonly name: string; readonly text: string },
  allow: readonly string[],
): boolean {
  const urls = text.match(/https?:\/\/[^\s"'<>]+/g) ?? (name === "url" && text !== "" ? [`http://${text}`] : []);
  return urls.every((url) => {
    if (!URL.canParse(url)) return false;
    const host = new URL(url).hostname;
    return allow.some((one) =>
      one.startsWith("*.") ? host.endsWith(one.slice(1)) && host !== one.slice(2) : host === one,
    );
  });
}
