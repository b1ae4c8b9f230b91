import { z } from "zod";

import { AgentStatus, Environment, Level } from "@/lib/core/agents/schema";
import type { Facts, RunFacts } from "@/lib/core/decisions/schema";

const RunStates = z.enum(["running", "halted", "ended"]);
const History = z
  .looseObject({
    uses: z.int(),
    rowsP99: z.number().nullable(),
    approvedThenRolledBack: z.int(),
    approved: z.int(),
  })
  .nullable();

const RunBefore = z.looseObject({
  steps: z.int(),
  elapsed_seconds: z.int(),
  cost_micros: z.int(),
  state: RunStates,
  refusals: z.int().optional(),
});

/** A decision's entry as far as judging it again needs it. What else it holds is covered by its hash. */
export const DecisionEntry = z.looseObject({
  id: z.string(),
  at: z.string(),
  agent: z.string(),
  level: Level,
  environment: Environment,
  session: z.string(),
  run: z.string(),
  tool: z.string(),
  tool_hash: z.string(),
  action_digest: z.string(),
  manifest_version: z.int().nullable(),
  manifest_hash: z.string().nullable(),
  verdict: z.enum(["allow", "require_approval", "recommend", "deny", "halt"]),
  rule: z.string().nullable(),
  reasons: z.array(z.string()),
  score: z.int(),
  approval: z.string().nullable(),
  payload: z.string(),
  run_before: RunBefore,
  facts: z.unknown().optional(),
});
export type DecisionEntry = z.infer<typeof DecisionEntry>;

/** Facts as newer entries hold them, covered by the tree. */
const AttestedFacts = z.looseObject({
  now: z.iso.datetime(),
  stopped: z.boolean(),
  status: AgentStatus,
  history: History,
});

/** Facts as they stand beside the call, for entries that hold none themselves. */
const StoredFacts = z.looseObject({
  now: z.iso.datetime(),
  workspace: z.object({ stopped: z.boolean() }),
  agent: z.object({ handle: z.string(), status: AgentStatus, environment: Environment, level: Level }),
  run: z
    .looseObject({
      state: RunStates,
      steps: z.int(),
      elapsedSeconds: z.number(),
      costMicros: z.number(),
      refusals: z.int(),
    })
    .nullable(),
  history: History,
});

/** What a verdict was made from. `attested`: the tree itself vouches for the facts. */
export type KnownFacts = { readonly facts: Facts; readonly run: RunFacts; readonly attested: boolean };

/** Reads a decision's facts from its entry, else from beside its call; null when neither can be read. */
export function factsOf(entry: DecisionEntry, stored: unknown): KnownFacts | null {
  const beside = StoredFacts.safeParse(stored).data;
  const before = entry.run_before;
  const run: RunFacts = {
    state: before.state,
    steps: before.steps,
    elapsedSeconds: before.elapsed_seconds,
    costMicros: before.cost_micros,
    refusals: before.refusals ?? beside?.run?.refusals ?? 0,
  };
  const agent = { handle: entry.agent, environment: entry.environment, level: entry.level };
  if (entry.facts !== undefined) {
    const read = AttestedFacts.safeParse(entry.facts);
    if (!read.success) return null;
    const { now, stopped, status, ...more } = read.data;
    const facts = { ...more, now: new Date(now), workspace: { stopped }, agent: { ...agent, status }, run };
    return { facts, run, attested: true };
  }
  if (!beside) return null;
  const { now, workspace, agent: was, ...more } = beside;
  const facts = { ...more, now: new Date(now), workspace, agent: { ...agent, status: was.status }, run };
  return { facts, run, attested: false };
}
