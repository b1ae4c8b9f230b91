import { z } from "zod";

import { AgentStatus, Environment, Level } from "@/lib/core/agents/schema";
import { decide } from "@/lib/core/decisions/decide";
import { Call, type Facts } from "@/lib/core/decisions/schema";
import { compile, type CompiledManifest } from "@/lib/core/manifests/compile";
import { Manifest } from "@/lib/core/manifests/schema";
import { BlastRadius, type CatalogueTool, JsonSchema, Reversibility, ToolStatus } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";

import type { State } from "./state";
import { indexBy, violation, type Violation } from "./violation";

const Count = z.number();

/** The facts as they are stored with a decision. Loose, so that a fact the engine learns to use later is handed on. */
const StoredFacts = z.looseObject({
  now: z.coerce.date(),
  workspace: z.looseObject({ stopped: z.boolean() }),
  agent: z.looseObject({ handle: z.string(), status: AgentStatus, environment: Environment, level: Level }),
  run: z
    .object({
      state: z.enum(["running", "halted", "ended"]),
      steps: Count,
      elapsedSeconds: Count,
      costMicros: Count,
      refusals: Count,
    })
    .nullable(),
  history: z
    .object({ uses: Count, rowsP99: Count.nullable(), approvedThenRolledBack: Count, approved: Count })
    .nullable(),
}) satisfies z.ZodType<Facts>;

/**
 * 13: each verdict is what its manifest gives for its call and facts, wherever and whenever that is asked.
 *
 * A tool whose definition has changed since, or that was accepted since, is left out: the catalogue knows only what is.
 */
export function replayViolations(state: State): Violation[] {
  const catalogue = catalogueOf(state);
  const accepted = new Set(
    state.events.filter(({ topic }) => topic === "tool.accept").map(({ payload }) => String(payload["tool"])),
  );
  const consumers = indexBy(state.approvals, ({ consumed_by, id }) => consumed_by ?? id);
  const compiledFor = compiler(state, catalogue);
  const found: Violation[] = [];
  for (const decision of state.decisions) {
    const hash = catalogue.get(decision.tool)?.hash ?? "uncatalogued";
    if (hash !== decision.tool_hash || accepted.has(decision.tool)) continue;
    const [call, facts] = [Call.safeParse(decision.call).data, StoredFacts.safeParse(decision.facts).data];
    if (!call || !facts) {
      found.push(violation(13, `the call or the facts of decision ${decision.id} cannot be read`));
      continue;
    }
    const { verdict } = decide(compiledFor(decision.agent_id, decision.manifest_version), call, facts);
    const passes = verdict === "allow" || verdict === "require_approval";
    const wanted =
      passes && call.approval_id !== null
        ? consumers.get(decision.id)?.id === call.approval_id
          ? "allow"
          : "deny"
        : verdict;
    if (wanted !== decision.verdict)
      found.push(violation(13, `decision ${decision.id} is ${decision.verdict}; its facts give ${wanted}`));
  }
  return [...found, ...failOpenViolations(state)];
}

/** 11: an allow has no check that objects, but for the question that an approval has answered. */
function failOpenViolations({ decisions, executions }: State): Violation[] {
  const approved = new Set(executions.filter(({ approval_id }) => approval_id !== null).map((one) => one.decision_id));
  return decisions.flatMap(({ id, verdict, rule, checks }) => {
    if (verdict !== "allow") return [];
    const objects = checks.filter(
      (one) => one.verdict !== "allow" && !(approved.has(id) && one.verdict === "require_approval"),
    );
    return objects.length > 0 || rule === null || rule === "internal_error"
      ? [violation(11, `decision ${id} was allowed although ${objects[0]?.check ?? "no rule"} does not allow it`)]
      : [];
  });
}

function catalogueOf({ tools }: State): ReadonlyMap<string, CatalogueTool> {
  return new Map(
    tools.map((tool) => [
      tool.name,
      {
        name: tool.name,
        description: tool.description,
        argsSchema: JsonSchema.parse(tool.args_schema),
        resultSchema: JsonSchema.nullable().parse(tool.result_schema),
        reversibility: Reversibility.parse(tool.reversibility),
        blastRadius: BlastRadius.parse(tool.blast_radius),
        scopeArgument: tool.scope_argument,
        status: ToolStatus.parse(tool.status),
        hash: tool.hash,
      },
    ]),
  );
}

const validators = createValidators();

function compiler({ manifests }: State, catalogue: ReadonlyMap<string, CatalogueTool>) {
  const known = new Map<string, CompiledManifest | null>();
  return (agentId: string, version: number | null): CompiledManifest | null => {
    const name = `${agentId} ${version}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const stored = manifests.find((one) => one.agent_id === agentId && one.version === version);
    const compiled =
      stored && version !== null
        ? compile({ manifest: Manifest.parse(stored.content), version, hash: stored.hash, catalogue, validators })
        : null;
    known.set(name, compiled);
    return compiled;
  };
}
