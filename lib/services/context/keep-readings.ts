import "server-only";

import { numbersOf, subjectOf } from "@/lib/core/context/change";
import type { CompiledSource } from "@/lib/core/context/source";
import type { CallContext } from "@/lib/core/decisions/schema";
import type { AgentId } from "@/lib/core/shared/brand";
import { digestOf } from "@/lib/core/shared/digest";
import { upsertReadings } from "@/lib/data/readings";
import { log } from "@/lib/platform/log";

import type { ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";

/**
 * Keeps what accepted context said, to hold the next reading against. Never fails: a reading that is lost only means
 * that the next one is compared with an older one.
 */
export async function keepReadings(
  ctx: ServiceContext,
  agentId: AgentId,
  { sources, context }: { readonly sources: readonly CompiledSource[]; readonly context: readonly CallContext[] },
): Promise<void> {
  const readings = sources.flatMap((source) => {
    if (source.maxChange === null) return [];
    const entries = context.filter((given) => given.source === source.name);
    return entries.map((given) => {
      const subject = subjectOf(source, given);
      const subjectDigest = digestOf(sha256Hex, subject);
      return { source: source.name, subject, subjectDigest, values: numbersOf(given), asOf: new Date(given.as_of) };
    });
  });
  if (readings.length === 0) return;
  await upsertReadings(ctx.db, ctx.workspaceId, agentId, readings).catch((error: unknown) => {
    log.warn({ err: error, requestId: ctx.requestId }, "readings of accepted context were not kept");
  });
}
