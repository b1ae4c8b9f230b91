import { z } from "zod";

import { Environment, Level } from "@/lib/core/agents/schema";
import { RESERVE_SOURCES } from "@/lib/core/decisions/schema";
import { StoredFacts } from "@/lib/core/decisions/stored-facts";
import { isJsonObject, type Json } from "@/lib/core/shared/json";

const RunStates = z.enum(["running", "halted", "ended"]);

/** The run as the first version of entries held it. */
const FirstRunBefore = z
  .looseObject({ steps: z.int(), elapsed_seconds: z.int(), cost_micros: z.int(), state: RunStates })
  .transform(({ steps, elapsed_seconds, cost_micros, state }) => ({
    state,
    steps,
    elapsedSeconds: elapsed_seconds,
    costMicros: cost_micros,
  }));

/** A decision's entry as far as judging it again needs it. What else it holds is covered by its hash. */
export const DecisionEntry = z.looseObject({
  v: z.int(),
  id: z.string(),
  at: z.string(),
  agent: z.string(),
  level: Level,
  environment: Environment,
  session: z.string(),
  run: z.string(),
  tool: z.string(),
  tool_hash: z.string(),
  // The action under its payload's salt; the first version of entries held it bare.
  action: z.string().optional(),
  action_digest: z.string().optional(),
  manifest_version: z.int().nullable(),
  manifest_hash: z.string().nullable(),
  guardrail_version: z.int().nullable().default(null),
  guardrail_hash: z.string().nullable().default(null),
  verdict: z.enum(["allow", "require_approval", "recommend", "deny", "halt"]),
  rule: z.string().nullable(),
  reasons: z.array(z.string()),
  score: z.int(),
  approval: z.string().nullable(),
  payload: z.string(),
  // What stands beside the call, under its salt; entries of earlier versions do not bind it.
  beside: z.string().optional(),
  run_before: z.union([FirstRunBefore, z.looseObject({ state: RunStates, steps: z.int() })]),
  counts: z.array(z.int()).nullable().default(null),
  facts: z.unknown().optional(),
  reserved_by: z.object({ cost: z.enum(RESERVE_SOURCES), tokens: z.enum(RESERVE_SOURCES) }).optional(),
  reserved_micros: z.int().default(0),
  reserved_tokens: z.int().default(0),
});
export type DecisionEntry = z.infer<typeof DecisionEntry>;

/** What a verdict was made from. `attested`: the tree itself vouches for it, but for what sources said and a run reached. */
export type KnownFacts = {
  readonly facts: StoredFacts;
  readonly attested: boolean;
};

const Members = z.looseObject({});
const Refusals = z.looseObject({ refusals: z.int() });

/**
 * Reads a decision's facts from its entry, else from beside its call; null when they cannot be read.
 *
 * What sources said and how far a run had reached may name people, so it stands beside the call in either case.
 */
export function factsOf(entry: DecisionEntry, stored: Json): KnownFacts | null {
  const beside = isJsonObject(stored) ? stored : {};
  const held = entry.facts !== undefined;
  const given = held ? Members.safeParse(entry.facts).data : beside;
  if (given === undefined) return null;
  // The first version left the refusals to the facts beside it.
  const looked = Refusals.safeParse(given["run"]).data;
  const run = { ...entry.run_before, ...(!held && { refusals: looked?.refusals ?? 0 }) };
  const { reach = null, readings = null } = beside;
  // Said twice: what the entry itself says of its agent is what counts.
  const { agent: handle, environment, level } = entry;
  const agent = { ...Members.safeParse(given["agent"]).data, handle, environment, level };
  const facts = StoredFacts.safeParse({ ...given, agent, run, reach, readings, counts: entry.counts });
  return facts.success ? { facts: facts.data, attested: held } : null;
}
