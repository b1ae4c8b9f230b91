import { z } from "zod";

import { CallContext, type SourceReading } from "@/lib/core/decisions/schema";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { undeclaredSource } from "@/lib/core/manifests/compile-source";

import { type ContextFault, failureClassOf } from "./fault";
import { ageMs, entriesOf } from "./freshness";
import { memoryFaults, type MemoryUser } from "./memory";
import type { CompiledSource } from "./source";
import { sourceFaults } from "./source-faults";
import { subjectFault } from "./subject";

/**
 * The context somebody is about to act on: the body of `POST /api/v1/context/checks`.
 *
 * With `tool`, the sources that tool needs are checked; without, those that are named. The scratchpad belongs to a run,
 * so it is good only where that run is named too.
 */
export const CheckContextInput = z.strictObject({
  tool: z.string().min(1).max(256).optional(),
  session_id: z.string().min(1).max(200).optional(),
  run_id: z.string().min(1).max(200).optional(),
  context: z.array(CallContext).max(100),
});
export type CheckContextInput = z.infer<typeof CheckContextInput>;

const SourceFault = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string(),
  rule: z.string(),
  failure_class: z.enum(["context_blindness", "memory_corruption"]),
});

/** What is to be said about one source. `age_seconds` is that of its oldest entry. */
export const SourceCheck = z.object({
  source: z.string(),
  ok: z.boolean(),
  age_seconds: z.int().nullable(),
  ttl_seconds: z.number().nullable(),
  faults: z.array(SourceFault),
});
export type SourceCheck = z.infer<typeof SourceCheck>;

export const ContextCheck = z.object({ ok: z.boolean(), sources: z.array(SourceCheck) });
export type ContextCheck = z.infer<typeof ContextCheck>;

export type ContextFacts = { readonly now: Date; readonly readings: readonly SourceReading[] | null };

/** The sources a check is about: those a tool needs, or those that are named. */
export function sourcesToCheck(compiled: CompiledManifest, { tool, context }: CheckContextInput): CompiledSource[] {
  const known = tool === undefined ? undefined : compiled.tools.get(tool);
  if (known !== undefined) return [...new Map(known.sources.map((source) => [source.rule, source])).values()];
  const names = [...new Set(context.map(({ source }) => source))];
  const place = { rule: "context.sources", path: "/context/sources" };
  return names.flatMap((name) => compiled.sources.get(name) ?? [undeclaredSource(name, place)]);
}

/** Check 7 for context alone, before any call: the same functions, every source with what stands against it. */
export function checkSources(
  compiled: CompiledManifest,
  input: CheckContextInput,
  { now, readings }: ContextFacts,
): ContextCheck {
  const { context } = input;
  const sources = sourcesToCheck(compiled, input);
  const user: MemoryUser = { session_id: input.session_id ?? null, run_id: input.run_id ?? null };
  const shared = sharedFaults(compiled, { sources, context, user, now });
  const checks = sources.map((source) => {
    const own = sourceFaults(source, { context, now, readings });
    return sourceCheck(source, [...own, ...(shared.get(source.name) ?? [])], { context, now });
  });
  // Memory that the tool did not ask for is bound by its rules all the same.
  const more = [...shared].filter(([name]) => !sources.some((source) => source.name === name));
  for (const [name, faults] of more) {
    const source = compiled.sources.get(name)?.[0] ?? undeclaredSource(name, { rule: "context", path: "/context" });
    checks.push(sourceCheck(source, faults, { context, now }));
  }
  return { ok: checks.every(({ ok }) => ok), sources: checks };
}

type Shared = {
  readonly sources: readonly CompiledSource[];
  readonly context: readonly CallContext[];
  readonly user: MemoryUser;
  readonly now: Date;
};

/** Faults between sources and of memory, by the source whose entry they point at. */
function sharedFaults({ memory }: CompiledManifest, { sources, context, user, now }: Shared) {
  const needed = new Map(sources.map(({ name, rule }) => [name, rule]));
  const subject = subjectFault(needed, { context, args: {} });
  const found = memory.flatMap(({ rules, place }) =>
    memoryFaults(rules, { context, user, now }).map((fault) => ({ ...fault, rule: place.rule + fault.rule })),
  );
  if (subject !== null) found.push(subject);
  const bySource = new Map<string, ContextFault[]>();
  for (const fault of found) {
    const index = Number(/^\/context\/(\d+)/.exec(fault.reason.path)?.[1]);
    const name = context[index]?.source ?? "";
    bySource.set(name, [...(bySource.get(name) ?? []), fault]);
  }
  return bySource;
}

function sourceCheck(
  { name, ttlMs }: CompiledSource,
  faults: readonly ContextFault[],
  { context, now }: { readonly context: readonly CallContext[]; readonly now: Date },
): SourceCheck {
  const ages = entriesOf(name, context).map(({ given }) => ageMs(given, now));
  const oldest = Math.round(Math.max(...ages) / 1_000);
  return {
    source: name,
    ok: faults.length === 0,
    age_seconds: Number.isSafeInteger(oldest) ? oldest : null,
    ttl_seconds: ttlMs === null ? null : ttlMs / 1_000,
    faults: faults.map(({ rule, reason }) => ({ ...reason, rule, failure_class: failureClassOf(reason.code) })),
  };
}
