import type { CallContext, SourceReading } from "@/lib/core/decisions/schema";

import { type ContextFault, fault } from "./fault";
import { entriesOf, statedScope } from "./freshness";
import type { SourceRule } from "./source";

/** Below this a former value counts as this much, so that a change from nothing has a size. */
const LEAST = 1e-9;

/**
 * Whether the numbers of a source moved further since the last accepted reading than `max_change` lets them: the change
 * of each is |new − old| / max(|old|, 10⁻⁹).
 *
 * Compared are readings of the same agent, source and subject, which is what the source's scope keys name. The first
 * about a subject has nothing to be compared with and passes, if it states a number at all; from then on every number
 * that was stated must be stated again, because what is left out cannot be judged. Not knowing the readings refuses.
 */
export function changeFault(
  source: SourceRule,
  context: readonly CallContext[],
  readings: readonly SourceReading[] | null,
): ContextFault | null {
  const { name, maxChange } = source;
  if (maxChange === null) return null;
  const rule = `${source.rule}.max_change`;
  if (readings === null) {
    const message = `What \`${name}\` said last is not known here, so how far it moved cannot be judged.`;
    return fault(rule, "context_history_unknown", { message, path: "/context" });
  }
  for (const { given, index } of entriesOf(name, context)) {
    const path = `/context/${index}/values`;
    const now = new Map(Object.entries(numbersOf(given)));
    if (now.size === 0) {
      const message = `\`${name}\` states no number, so how far it moved cannot be judged.`;
      return fault(rule, "context_changed", { message, path });
    }
    const former = readings.filter((reading) => reading.source === name && isAbout(reading, given));
    for (const [field, before] of former.flatMap(({ values }) => Object.entries(values))) {
      const after = now.get(field);
      if (after !== undefined && Math.abs(after - before) / Math.max(Math.abs(before), LEAST) <= maxChange) continue;
      const moved = after === undefined ? `no longer states \`${field}\`` : `moved \`${field}\` to ${after}`;
      const message = `\`${name}\` ${moved}; it was ${before} and may move by ${maxChange} of that between readings.`;
      return fault(rule, "context_changed", { message, path });
    }
  }
  return null;
}

/** The numbers an entry states, by field. */
export function numbersOf(given: CallContext): Readonly<Record<string, number>> {
  const numbers = Object.entries(given.values).filter(
    (member): member is [string, number] => typeof member[1] === "number",
  );
  return Object.fromEntries(numbers);
}

/** Whom a reading of this source is about. Only the source's own scope keys count, so that no other can start anew. */
export function subjectOf(source: Pick<SourceRule, "scopeKeys">, given: CallContext): Readonly<Record<string, string>> {
  return Object.fromEntries(source.scopeKeys.map((key) => [key, statedScope(given, key) ?? ""]));
}

const isAbout = ({ subject }: SourceReading, given: CallContext) =>
  Object.entries(subject).every(([key, text]) => (statedScope(given, key) ?? "") === text);
