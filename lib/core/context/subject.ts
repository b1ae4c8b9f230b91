import type { CallContext } from "@/lib/core/decisions/schema";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { type ContextFault, fault } from "./fault";
import { statedScope } from "./freshness";

/**
 * Whether context and call speak of the same subject: customer A's context must not carry customer B's call.
 *
 * Compared is what is stated on both sides, nothing else: a scope key that two entries of needed sources give, or that
 * an entry and an argument of the same name give, however deep the argument lies. An argument that names several
 * subjects, or chooses them by a condition, is not the one the context was read for. Two subjects in one call, as in a
 * merge, need two keys.
 *
 * @param needed sources the tool rests on, with the place in the manifest that asks for each
 */
export function subjectFault(
  needed: ReadonlyMap<string, string>,
  { context, args }: { readonly context: readonly CallContext[]; readonly args: JsonObject },
): ContextFault | null {
  const stated = new Map<string, { readonly text: string; readonly source: string; readonly rule: string }>();
  for (const [index, given] of context.entries()) {
    const rule = needed.get(given.source);
    if (rule === undefined) continue;
    for (const key of Object.keys(given.scope).toSorted()) {
      const text = statedScope(given, key);
      if (text === null) continue;
      const other = stated.get(key);
      if (other === undefined) stated.set(key, { text, source: given.source, rule });
      else if (other.text !== text) {
        const path = `/context/${index}/scope/${escaped(key)}`;
        return outOfScope(rule, { path, key, who: `\`${given.source}\` and \`${other.source}\` were read` });
      }
    }
  }
  for (const [key, { text, source, rule }] of stated) {
    const path = strayArgument(args, { key, text, path: "/args" });
    if (path !== null) return outOfScope(rule, { path, key, who: `\`${source}\` was read and the call is made` });
  }
  return null;
}

function outOfScope(rule: string, { path, key, who }: { path: string; key: string; who: string }): ContextFault {
  return fault(rule, "out_of_scope", { message: `${who} for different \`${key}\`.`, path });
}

type Sought = { readonly key: string; readonly text: string; readonly path: string };

/** Where the arguments name another subject under this key; null when nowhere. */
function strayArgument(value: Json, { key, text, path }: Sought): string | null {
  if (isJsonArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = strayArgument(item, { key, text, path: `${path}/${index}` });
      if (found !== null) return found;
    }
  } else if (isJsonObject(value)) {
    // In one order, so that equal arguments are refused for equal reasons.
    for (const name of Object.keys(value).toSorted()) {
      const member = value[name] ?? null;
      const place = `${path}/${escaped(name)}`;
      if (name === key && !isOnly(member, text)) return place;
      const found = strayArgument(member, { key, text, path: place });
      if (found !== null) return found;
    }
  }
  return null;
}

/** Null says nothing; anything else must be this subject and no other. */
function isOnly(value: Json, text: string): boolean {
  if (value === null) return true;
  if (isJsonArray(value)) return value.length > 0 && value.every((item) => item !== null && isOnly(item, text));
  return !isJsonObject(value) && String(value) === text;
}

const escaped = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");
