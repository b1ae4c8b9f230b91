import type { CallContext, SourceReading } from "@/lib/core/decisions/schema";

import { changeFault } from "./change";
import { crossCheckFault } from "./cross-check";
import type { ContextFault } from "./fault";
import { entryFault } from "./freshness";
import type { CompiledSource } from "./source";

/** What is known when context is checked. `readings` null: not known, which refuses where it matters. */
export type ContextWorld = {
  readonly context: readonly CallContext[];
  readonly now: Date;
  readonly readings: readonly SourceReading[] | null;
};

const NONE: readonly ContextFault[] = Object.freeze([]);

/** Everything that stands against one needed source; what is missing or stale is told before it is compared. */
export function sourceFaults(
  source: CompiledSource,
  { context, now, readings }: ContextWorld,
): readonly ContextFault[] {
  const own = entryFault(source, context, now);
  if (own !== null) return [own];
  if (source.crossCheck === null && source.maxChange === null) return NONE;
  const found = [crossCheckFault(source, context, now), changeFault(source, context, readings)];
  return found.filter((one) => one !== null);
}
