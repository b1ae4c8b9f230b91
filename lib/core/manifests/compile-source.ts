import { MEMORY_AREAS, memorySource } from "@/lib/core/context/memory";
import type { CompiledSource, SourceRule } from "@/lib/core/context/source";
import type { Guardrail } from "@/lib/core/guardrails/schema";

import type { ContextSource, Manifest } from "./schema";

/** What is said about each source, by name. Where manifest and guardrail both speak, both must hold. */
export type Sources = ReadonlyMap<string, readonly CompiledSource[]>;

/**
 * Every source, the reserved ones of memory included.
 *
 * `own` is how the manifest's entries see them: a source exists only if the manifest declares it, so that the guardrail
 * may shorten its time and is never what makes a call possible. `shared` is how the guardrail's restrictions see them.
 */
export function compileSources(manifest: Manifest, guardrail: Guardrail | null): { own: Sources; shared: Sources } {
  const written = declarations(manifest, "", "");
  const added = guardrail === null ? [] : declarations(guardrail, "guardrails.", "/guardrails");
  const names = new Set(written.map(({ rule }) => rule.name));
  return {
    own: compiled([...written, ...added.filter(({ rule }) => names.has(rule.name))]),
    shared: compiled([...written, ...added]),
  };
}

type Declared = { readonly rule: SourceRule; readonly check: ContextSource["cross_check"] };

function declarations(
  { context, memory }: Pick<Manifest, "context" | "memory">,
  rules: string,
  paths: string,
): readonly Declared[] {
  const written = (context?.sources ?? []).map((source, index) => ({
    rule: sourceRule(source, { rule: `${rules}context.sources[${index}]`, path: `${paths}/context/sources/${index}` }),
    check: source.cross_check,
  }));
  const named = new Set(written.map(({ rule }) => rule.name));
  const reserved = MEMORY_AREAS.filter((area) => memory?.[area] !== undefined && !named.has(memorySource(area)));
  return [
    ...written,
    ...reserved.map((area) => {
      const place = { rule: `${rules}memory.${area}`, path: `${paths}/memory/${area}` };
      return { rule: { ...undeclaredSource(memorySource(area), place), declared: true }, check: undefined };
    }),
  ];
}

function compiled(declared: readonly Declared[]): Sources {
  const rulesOf = (name: string) => declared.flatMap(({ rule }) => (rule.name === name ? [rule] : []));
  const sources = new Map<string, CompiledSource[]>();
  for (const { rule, check } of declared) {
    const known = sources.get(rule.name) ?? [];
    sources.set(rule.name, [...known, Object.freeze({ ...rule, crossCheck: crossCheck(rule, check, rulesOf) })]);
  }
  return sources;
}

function crossCheck(
  rule: SourceRule,
  check: ContextSource["cross_check"],
  rulesOf: (name: string) => readonly SourceRule[],
): CompiledSource["crossCheck"] {
  if (check === undefined) return null;
  const place = { rule: `${rule.rule}.cross_check`, path: `${rule.path}/cross_check` };
  const [first = undeclaredSource(check.source, place), ...others] = rulesOf(check.source);
  return { source: others.reduce(tightest, first), fields: check.fields };
}

/** One rule that holds both: the shorter time, the keys of both. */
function tightest(one: SourceRule, other: SourceRule): SourceRule {
  const ttls = [one.ttlMs, other.ttlMs].filter((ttl) => ttl !== null);
  return Object.freeze({
    ...one,
    ttlMs: ttls.length === 0 ? null : Math.min(...ttls),
    scopeKeys: [...new Set([...one.scopeKeys, ...other.scopeKeys])],
    mayRefetch: one.mayRefetch && other.mayRefetch,
  });
}

function sourceRule(source: ContextSource, place: { readonly rule: string; readonly path: string }): SourceRule {
  return Object.freeze({
    name: source.name,
    ...place,
    declared: true,
    ttlMs: source.ttl_seconds === undefined ? null : source.ttl_seconds * 1_000,
    scopeKeys: source.scope_keys ?? [],
    mayRefetch: source.on_stale === "refetch",
    maxChange: source.max_change ?? null,
  });
}

/** A source somebody needs and nobody declared: no context can satisfy it. */
export function undeclaredSource(
  name: string,
  { rule, path }: { readonly rule: string; readonly path: string },
): CompiledSource {
  return Object.freeze({
    name,
    rule,
    path,
    declared: false,
    ttlMs: null,
    scopeKeys: [],
    mayRefetch: false,
    maxChange: null,
    crossCheck: null,
  });
}
