import { z } from "zod";

import { isOpenAt, MOST_AGENTS } from "@/lib/core/decisions/dependency";
import { requiredNote } from "@/lib/core/shared/note";
import { HOUR_MS, SECOND_MS } from "@/lib/core/shared/time";

import { DependencyName } from "./schema";

/** Tools that a list of dependencies names each; all are counted. */
export const MOST_TOOLS_NAMED = 20;

/** `open`: calls are refused. `half_open`: the next call tries. `trying`: one call tries, and others are refused meanwhile. */
export const DEPENDENCY_STATES = ["closed", "open", "half_open", "trying"] as const;
export type DependencyState = (typeof DEPENDENCY_STATES)[number];

/** What becomes of calls in each state. */
export const DEPENDENCY_WORDS: Readonly<Record<DependencyState, string>> = {
  closed: "Go through",
  open: "Refused",
  half_open: "The next one tries",
  trying: "One tries, others wait",
};

/** From how many failures in a row on calls are refused, and for how many seconds: the workspace's settings. */
export const DependencyLimits = z.object({ failures: z.int(), cool_down_seconds: z.int() });
export type DependencyLimits = z.infer<typeof DependencyLimits>;

/** A system that tools share, as it stands. */
export const StoredDependency = z.object({
  name: z.string(),
  tools: z.array(z.string()),
  tool_count: z.int(),
  /** Calls in a row that failed, of whichever agent and tool, and how many agents made them, up to 100. */
  failures: z.int(),
  agents: z.int(),
  /** The first and the last of them; null where the latest call succeeded. */
  since: z.date().nullable(),
  failed_at: z.date().nullable(),
  trial_at: z.date().nullable(),
  /** Calls refused in this hour and the 23 before it. */
  refused: z.int(),
});
export type StoredDependency = z.infer<typeof StoredDependency>;

/** The same with what follows from it. `until`: when calls are let through again at the latest; null where they are now. */
export const ShownDependency = StoredDependency.omit({ trial_at: true }).extend({
  state: z.enum(DEPENDENCY_STATES),
  until: z.date().nullable(),
});
export type ShownDependency = z.infer<typeof ShownDependency>;

/** Every dependency that the catalogue names or that failed, with the limits. `refused` counts from `refused_since` on. */
export const ShownDependencies = z.object({
  limits: DependencyLimits,
  refused_since: z.date(),
  items: z.array(ShownDependency),
});
export type ShownDependencies = z.infer<typeof ShownDependencies>;

/** Closing a breaker by hand. */
export const ResetDependencyInput = z.strictObject({ name: DependencyName, reason: requiredNote(1_000) });
export type ResetDependencyInput = z.infer<typeof ResetDependencyInput>;

/** The first of the 24 hours in which refused calls are counted; the last is the one that is under way. */
export const refusedSince = (now: Date) => new Date((Math.floor(now.getTime() / HOUR_MS) - 23) * HOUR_MS);

/** What a decision at this moment would find: the same arithmetic as the engine's. */
export function shownDependency(stored: StoredDependency, limits: DependencyLimits, now: Date): ShownDependency {
  const { trial_at, ...rest } = stored;
  const over = (at: Date | null) => {
    const until = at === null ? null : new Date(at.getTime() + limits.cool_down_seconds * SECOND_MS);
    return until !== null && until > now ? until : null;
  };
  if (!isOpenAt(stored.failures, stored.agents, limits.failures)) return { ...rest, state: "closed", until: null };
  const trial = over(trial_at);
  if (trial !== null) return { ...rest, state: "trying", until: trial };
  const until = over(stored.failed_at);
  return { ...rest, state: until === null ? "half_open" : "open", until };
}

/** How many calls failed in a row, of which limit, and whose they were. */
export function failuresText({ failures, agents }: ShownDependency, limits: DependencyLimits): string {
  if (failures === 0) return "None";
  const whose = agents === 1 ? "1 agent" : agents >= MOST_AGENTS ? `${MOST_AGENTS} agents or more` : `${agents} agents`;
  return `${failures}${failures < limits.failures ? ` of ${limits.failures}` : ""}, ${whose}`;
}
