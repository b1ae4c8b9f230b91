import { z } from "zod";

import type { Environment, Level } from "@/lib/core/agents/schema";
import {
  type Call,
  type CheckResult,
  CheckResult as CheckResultSchema,
  type Decision,
  Reason,
  Risk,
} from "@/lib/core/decisions/schema";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import type { CatalogueTool } from "@/lib/core/tools/schema";

import { Headline, headlineOf } from "./headline";

const Plain = z.custom<JsonObject>((value) => isJsonObject(value as Json), "must be an object"); // a guard takes anything

/**
 * Everything a reviewer is shown about one call, made once and never changed: `display_digest` is its digest.
 *
 * JSON values only and no clock, so that its canonical form is a function of the call and the answer to it. What the
 * agent says about itself is in `rationale` and nowhere else.
 */
export const Display = z.object({
  v: z.literal(1),
  headline: Headline,
  agent: z.object({
    handle: z.string(),
    task: z.string(),
    environment: z.string(),
    level: z.int(),
    dri: z.object({ name: z.string(), email: z.string() }),
  }),
  session: z.string(),
  run: z.string(),
  tool: z.object({
    name: z.string(),
    description: z.string(),
    hash: z.string(),
    reversibility: z.string(),
    blast_radius: z.string(),
  }),
  rule: z.string().nullable(),
  reasons: z.array(Reason.pick({ code: true, message: true, path: true })),
  manifest: z.object({ version: z.int(), hash: z.string(), line: z.int().nullable() }),
  terms: z.object({
    quorum: z.int(),
    approver_role: z.string(),
    separation_of_duties: z.boolean(),
    timeout_seconds: z.int(),
  }),
  args: Plain,
  effect: Plain.nullable(),
  risk: Risk,
  checks: z.array(CheckResultSchema.pick({ check: true, verdict: true, rule: true })),
  context: z.array(
    z.object({
      source: z.string(),
      as_of: z.string(),
      /** How old it may be; null when the manifest does not say. */
      ttl_seconds: z.int().nullable(),
      scope: Plain,
      doc_ids: z.array(z.string()),
    }),
  ),
  rationale: Plain.nullable(),
  action_digest: z.string(),
});
export type Display = z.infer<typeof Display>;

/** What a display is made of. */
export type DisplayInput = {
  readonly call: Call;
  readonly decision: Decision;
  readonly agent: {
    readonly handle: string;
    readonly task: string;
    readonly environment: Environment;
    readonly level: Level;
    readonly dri: { readonly name: string; readonly email: string };
  };
  readonly tool: CatalogueTool;
  readonly manifest: { readonly version: number; readonly hash: string };
  /** The line of the manifest that stopped the call, where it is known. */
  readonly ruleLine?: number | null;
  /** How old each source may be, in seconds, where the manifest says. */
  readonly ttls?: ReadonlyMap<string, number>;
  readonly actionDigest: string;
};

/** Makes the record of what reviewers are shown. Pure; the caller computes `digestOf(sha256Hex, display)`. */
export function displayOf(input: DisplayInput): Display {
  const { call, decision, agent, tool, manifest } = input;
  const { environment } = agent;
  const { reversibility } = tool;
  const { quorum, approverRole, separationOfDuties, timeoutSeconds } = decision.approval;
  return {
    v: 1,
    headline: headlineOf({ tool: call.tool, args: call.args, effect: call.effect, environment, reversibility }),
    // Member by member: a caller's wider object must not change what is hashed.
    agent: {
      handle: agent.handle,
      task: agent.task,
      environment,
      level: agent.level,
      dri: { name: agent.dri.name, email: agent.dri.email },
    },
    session: call.session_id,
    run: call.run_id,
    tool: {
      name: tool.name,
      description: tool.description,
      hash: tool.hash,
      reversibility,
      blast_radius: tool.blastRadius,
    },
    rule: decision.rule,
    reasons: decision.reasons.map(({ code, message, path }) => ({ code, message, path })),
    manifest: { version: manifest.version, hash: manifest.hash, line: input.ruleLine ?? null },
    terms: {
      quorum,
      approver_role: approverRole,
      separation_of_duties: separationOfDuties,
      timeout_seconds: timeoutSeconds,
    },
    args: asJsonObject(call.args),
    effect: call.effect && asJsonObject(call.effect),
    risk: {
      score: decision.risk.score,
      band: decision.risk.band,
      factors: decision.risk.factors.map(({ points, why }) => ({ points, why })),
    },
    checks: decision.checks.map(({ check, verdict, rule }: CheckResult) => ({ check, verdict, rule })),
    context: call.context.map((source) => ({
      source: source.source,
      as_of: source.as_of,
      ttl_seconds: input.ttls?.get(source.source) ?? null,
      scope: asJsonObject(source.scope),
      doc_ids: [...source.doc_ids],
    })),
    rationale: call.rationale && asJsonObject(call.rationale),
    action_digest: input.actionDigest,
  };
}
