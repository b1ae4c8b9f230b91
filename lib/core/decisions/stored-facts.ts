import { z } from "zod";

import { AgentStatus, Environment, Level } from "@/lib/core/agents/schema";
import type { CompiledManifest } from "@/lib/core/manifests/compile";

import { FIRST_CALL } from "./bounds";
import { countedBy } from "./check-tallies";
import { decide } from "./decide";
import { APPROVAL_FAULTS } from "./facts";
import type { Call, Decision, Facts } from "./schema";

const Names = z.array(z.string());

/** How far a run reached, as it is stored. */
export const StoredReach = z.object({ environments: Names, hosts: Names, domains: Names, scopes: Names }).nullable();

/** A run as the commit found it. */
export const StoredRunFacts = z.object({
  state: z.enum(["running", "halted", "ended"]),
  haltedReason: z.string().nullable().optional(),
  steps: z.number(),
  elapsedSeconds: z.number(),
  costMicros: z.number(),
  refusals: z.number(),
  sameCalls: z.number(),
  failures: z.number(),
  breaker: z.object({ failures: z.number(), secondsSince: z.number(), isTrialOut: z.boolean() }),
  dependency: z
    .object({
      name: z.string(),
      failures: z.number(),
      agents: z.number(),
      secondsSince: z.number(),
      trialSecondsAgo: z.number().nullable(),
      opensAt: z.number(),
      coolDownSeconds: z.number(),
    })
    .nullish(),
  dayCostMicros: z.number(),
  dayTokens: z.number(),
  extraSteps: z.number(),
  extraSeconds: z.number(),
  extraCostMicros: z.number(),
});

/** What an older decision did not look at was not there. */
const StoredRun = z.preprocess(
  (run) => (typeof run === "object" && run !== null ? { ...FIRST_CALL, ...run } : run),
  StoredRunFacts.nullable(),
);

/**
 * Facts as a decision keeps them. What the engine learned to ask later is, in older ones, as if nothing had been there.
 *
 * `counts` are the tallies of the call in their order: their keys may name a person, a place in a list does not.
 */
export const StoredFacts = z.object({
  engine: z.int().default(1),
  now: z.coerce.date(),
  workspace: z.object({ stopped: z.boolean(), readsOnly: z.boolean().default(false) }),
  agent: z.object({ handle: z.string(), status: AgentStatus, environment: Environment, level: Level }),
  run: StoredRun,
  history: z
    .object({
      uses: z.number(),
      rowsP99: z.number().nullable(),
      amountP99: z.number().nullable().default(null),
      approvedThenRolledBack: z.number(),
      approved: z.number(),
      targetSeen: z.boolean().nullable().default(null),
    })
    .nullable(),
  reach: StoredReach.default(null),
  readings: z
    .array(
      z.object({
        source: z.string(),
        subject: z.record(z.string(), z.string()),
        values: z.record(z.string(), z.number()),
      }),
    )
    .nullable()
    .default(null),
  counts: z.array(z.number()).nullable().default(null),
  asking: z
    .object({
      refusedSecondsAgo: z.number().nullable(),
      repeatSeconds: z.number(),
      isPaused: z.boolean(),
      joins: z.boolean(),
      waiting: z.number(),
      most: z.number(),
    })
    .nullable()
    .default(null),
  usual: z.object({ costMicros: z.number().nullable(), tokens: z.number().nullable() }).nullable().default(null),
  approval: z
    .object({ fault: z.enum(APPROVAL_FAULTS).nullable() })
    .nullable()
    .default(null),
});
export type StoredFacts = z.infer<typeof StoredFacts>;

/** What a decision would be today: the same engine, the call and the facts it was made from. */
export function decideAgain(
  compiled: CompiledManifest | null,
  call: Call,
  { counts, engine: _engine, ...known }: StoredFacts,
): Decision {
  const facts: Facts = { ...known, tallies: null };
  const uncounted = decide(compiled, call, facts);
  return counts === null
    ? uncounted
    : decide(compiled, call, { ...facts, tallies: countedBy(uncounted.tallies, counts) });
}
