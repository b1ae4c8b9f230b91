import { isMemoryName, MEMORY_AREAS, memorySource } from "@/lib/core/context/memory";

import { error, type LintFinding, type LintInput, warning } from "./lint-finding";
import type { ContextSource } from "./schema";

/** What `context.sources` and `memory` say, against each other. */
export function lintSources({ manifest }: LintInput): LintFinding[] {
  const sources = manifest.context?.sources ?? [];
  const declared = new Set(sources.map(({ name }) => name));
  const seen = new Set<string>();
  return sources.flatMap((source, index) => {
    const path = `/context/sources/${index}`;
    const findings: LintFinding[] = [];
    if (seen.has(source.name)) {
      findings.push(
        error("duplicate_source", path, `The source \`${source.name}\` is here twice.`, "Keep one of them."),
      );
    }
    seen.add(source.name);
    if (source.ttl_seconds === undefined && (source.scope_keys ?? []).length === 0) {
      const message = `\`${source.name}\` may be of any age and of anybody.`;
      findings.push(warning("source_without_limits", path, message, "Give it `ttl_seconds`, `scope_keys` or both."));
    }
    return [
      ...findings,
      ...lintCrossCheck(source, path, declared),
      ...lintChange(source, path),
      ...lintName(source, path),
    ];
  });
}

function lintCrossCheck(
  { name, cross_check: check }: ContextSource,
  at: string,
  declared: ReadonlySet<string>,
): LintFinding[] {
  if (check === undefined) return [];
  const path = `${at}/cross_check/source`;
  if (check.source === name) {
    const message = `\`${name}\` is held against itself, which it always agrees with.`;
    return [error("cross_check_self", path, message, "Name another source.")];
  }
  if (declared.has(check.source)) return [];
  const message = `The source \`${check.source}\` is not declared, so every call that needs \`${name}\` is denied.`;
  return [error("cross_check_undeclared", path, message, "Add it to `context.sources`.")];
}

function lintChange({ name, max_change: most, scope_keys: keys = [] }: ContextSource, path: string): LintFinding[] {
  if (most === undefined || keys.length > 0) return [];
  const message = `Without \`scope_keys\` every reading of \`${name}\` is compared with the last, whoever it is about.`;
  return [
    warning("change_without_scope", `${path}/max_change`, message, "Name the keys that say whose reading it is."),
  ];
}

/** Names beginning `memory.` belong to the three areas of memory. */
function lintName({ name }: ContextSource, path: string): LintFinding[] {
  if (!isMemoryName(name) || MEMORY_AREAS.some((area) => memorySource(area) === name)) return [];
  const message = `\`${name}\` is not an area of memory; there are ${MEMORY_AREAS.map(memorySource).join(", ")}.`;
  return [error("memory_area_unknown", `${path}/name`, message, "Use one of them, or a name of another kind.")];
}
