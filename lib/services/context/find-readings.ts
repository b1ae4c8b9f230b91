import "server-only";

import { subjectOf } from "@/lib/core/context/change";
import type { CompiledSource } from "@/lib/core/context/source";
import type { CallContext, SourceReading } from "@/lib/core/decisions/schema";
import type { AgentId } from "@/lib/core/shared/brand";
import { digestOf } from "@/lib/core/shared/digest";
import { findReadings as findKnownReadings } from "@/lib/data/readings";

import type { ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";

/** What the entries' sources said last, where a `max_change` asks; null when none does, so that nothing is looked up. */
export async function findReadings(
  ctx: ServiceContext,
  agentId: AgentId,
  { sources, context }: { readonly sources: readonly CompiledSource[]; readonly context: readonly CallContext[] },
): Promise<readonly SourceReading[] | null> {
  const asking = sources.filter(({ maxChange }) => maxChange !== null);
  if (asking.length === 0) return null;
  const keys = asking.flatMap((source) =>
    context
      .filter((given) => given.source === source.name)
      .map((given) => ({ source: source.name, subjectDigest: digestOf(sha256Hex, subjectOf(source, given)) })),
  );
  return keys.length === 0 ? [] : findKnownReadings(ctx.db, ctx.workspaceId, agentId, keys);
}
