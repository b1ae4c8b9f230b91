import { NO_REASONS } from "@/lib/core/decisions/results";
import type { Reason } from "@/lib/core/decisions/schema";
import { isJsonArray, type Json } from "@/lib/core/shared/json";
import { pointerToken } from "@/lib/core/tools/json-schema";

import { type ArgumentRule, listed, shown } from "./argument-rule";

const USUAL_NAMES = ["scope", "fields"] as const;

/** `none` when neither the catalogue nor the call knows a scope argument, so that there is nothing to widen. */
export type ScopeRule = ArgumentRule & { readonly names: readonly string[]; readonly isKnown: boolean };

/**
 * Compiles `scope`: what the call asks for must be a subset of what the manifest lists.
 *
 * The argument is the one the catalogue names, else `scope` or `fields`. Where the catalogue knows such an argument and
 * the call leaves it out, or leaves it empty, the tool would return everything: refused. Where neither the catalogue
 * nor the call knows one, there is nothing a call could widen: it passes, with that reason kept (`scopeNote`).
 */
export function compileScope(
  rule: string,
  scope: readonly string[],
  tool: { readonly scopeArgument: string | null; readonly known: ReadonlySet<string> },
): ScopeRule {
  const names = tool.scopeArgument === null ? USUAL_NAMES : [tool.scopeArgument];
  const isKnown = tool.scopeArgument !== null || names.some((name) => tool.known.has(name));
  const allowed = new Set<Json>(scope);
  const missingName = names.find((name) => tool.known.has(name)) ?? names[0] ?? "scope";
  const missing = Object.freeze([Object.freeze(absent(missingName, scope))]);
  return {
    rule,
    names,
    isKnown,
    check: (args) => {
      let reasons: Reason[] | null = null;
      let isThere = false;
      for (const name of names) {
        const value = Object.hasOwn(args, name) ? args[name] : undefined;
        if (value === undefined) continue;
        isThere = true;
        const reason = beyond(name, value, { allowed, scope });
        if (reason) (reasons ??= []).push(reason);
      }
      return reasons ?? (isThere || !isKnown ? NO_REASONS : missing);
    },
  };
}

function beyond(
  name: string,
  value: Json,
  { allowed, scope }: { readonly allowed: ReadonlySet<Json>; readonly scope: readonly string[] },
): Reason | null {
  const asked = isJsonArray(value) ? value : [value];
  if (asked.length === 0 || value === null) return absent(name, scope);
  const outside = asked.filter((item) => !allowed.has(item));
  if (outside.length === 0) return null;
  const message = `\`${name}\` may ask for ${listed(scope)}; the call also asks for ${listed(outside)}.`;
  return { code: "scope_exceeded", message, path: `/args/${pointerToken(name)}` };
}

function absent(name: string, scope: readonly string[]): Reason {
  const message = `Say in \`${name}\` what is needed, out of ${listed(scope)}; without it the tool would return everything.`;
  return { code: "scope_missing", message, path: `/args/${pointerToken(name)}` };
}

/** The reason kept when a scope has nothing to restrict. */
export function scopeNote(path: string, tool: string): Reason {
  const message = `\`${shown(tool)}\` has no scope argument, so there is nothing for \`scope\` to narrow.`;
  return { code: "scope_not_applicable", message, path: `${path}/scope` };
}
