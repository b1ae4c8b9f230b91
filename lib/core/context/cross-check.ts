import type { CallContext } from "@/lib/core/decisions/schema";

import { type ContextFault, fault } from "./fault";
import { entriesOf, entryFault } from "./freshness";
import type { CompiledSource } from "./source";

/**
 * Whether a source and the one it is held against say the same: both there, both fresh and in scope, and every named
 * field stated with equal values by every entry of either. What is not stated does not agree.
 */
export function crossCheckFault(
  source: CompiledSource,
  context: readonly CallContext[],
  now: Date,
): ContextFault | null {
  if (source.crossCheck === null) return null;
  const { source: other, fields } = source.crossCheck;
  const rule = `${source.rule}.cross_check`;
  const unfit = entryFault(other, context, now);
  if (unfit !== null) return { rule, reason: unfit.reason };
  const entries = [...entriesOf(source.name, context), ...entriesOf(other.name, context)];
  for (const field of fields) {
    const first = statedValue(entries[0]?.given, field);
    const stray = entries.find(({ given }) => first === null || statedValue(given, field) !== first);
    if (stray === undefined) continue;
    const message = `\`${source.name}\` and \`${other.name}\` do not agree on \`${field}\`, or one of them does not state it.`;
    return fault(rule, "context_disagrees", { message, path: `/context/${stray.index}/values` });
  }
  return null;
}

function statedValue(given: CallContext | undefined, field: string) {
  return given !== undefined && Object.hasOwn(given.values, field) ? (given.values[field] ?? null) : null;
}
