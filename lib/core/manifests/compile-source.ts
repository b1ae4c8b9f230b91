import { MEMORY_AREAS, memorySource } from "@/lib/core/context/memory";
import type { CompiledSource, SourceRule } from "@/lib/core/context/source";

import type { ContextSource, Manifest } from "./schema";

/** Every source of a manifest by name, the reserved ones of its memory rules included. */
export function compileSources(manifest: Manifest): ReadonlyMap<string, CompiledSource> {
  const rules = new Map<string, SourceRule>();
  for (const area of MEMORY_AREAS) {
    if (manifest.memory?.[area] === undefined) continue;
    const place = { rule: `memory.${area}`, path: `/memory/${area}` };
    rules.set(memorySource(area), { ...undeclaredSource(memorySource(area), place), declared: true });
  }
  const written = manifest.context?.sources ?? [];
  for (const [index, source] of written.entries()) rules.set(source.name, sourceRule(source, index));
  const checks = new Map(written.map(({ name, cross_check: check }) => [name, check]));
  const compiled = [...rules].map(([name, rule]): [string, CompiledSource] => {
    const check = checks.get(name);
    if (check === undefined) return [name, Object.freeze({ ...rule, crossCheck: null })];
    const place = { rule: `${rule.rule}.cross_check`, path: `${rule.path}/cross_check` };
    const other = rules.get(check.source) ?? undeclaredSource(check.source, place);
    return [name, Object.freeze({ ...rule, crossCheck: { source: other, fields: check.fields } })];
  });
  return new Map(compiled);
}

function sourceRule(source: ContextSource, index: number): SourceRule {
  return Object.freeze({
    name: source.name,
    rule: `context.sources[${index}]`,
    path: `/context/sources/${index}`,
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
