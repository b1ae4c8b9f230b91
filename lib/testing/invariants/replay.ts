import { Call } from "@/lib/core/decisions/schema";
import { decideAgain, StoredFacts } from "@/lib/core/decisions/stored-facts";
import { Guardrail } from "@/lib/core/guardrails/schema";
import { compile, type CompiledManifest } from "@/lib/core/manifests/compile";
import { Manifest } from "@/lib/core/manifests/schema";
import { BlastRadius, type CatalogueTool, JsonSchema, Reversibility, ToolStatus } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";
import { readSql } from "@/lib/platform/sql-reader";

import type { State } from "./state";
import { indexBy, violation, type Violation } from "./violation";

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
    const { verdict } = decideAgain(compiledFor(decision), call, facts);
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
        hints: tool.hints,
        hash: tool.hash,
      },
    ]),
  );
}

const validators = createValidators();

type Versions = Pick<State["decisions"][number], "agent_id" | "manifest_version" | "guardrail_version">;

function compiler({ manifests, guardrails }: State, catalogue: ReadonlyMap<string, CatalogueTool>) {
  const known = new Map<string, CompiledManifest | null>();
  return ({ agent_id: agentId, manifest_version: version, guardrail_version: shared }: Versions) => {
    const name = `${agentId} ${version} ${shared}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const stored = manifests.find((one) => one.agent_id === agentId && one.version === version);
    const rail = guardrails.find((one) => one.version === shared);
    const guardrail = rail && { version: rail.version, hash: rail.hash, guardrail: Guardrail.parse(rail.content) };
    const manifest = stored && Manifest.parse(stored.content);
    const compiled =
      manifest && version !== null
        ? compile({
            manifest,
            version,
            hash: stored.hash,
            catalogue,
            validators,
            readSql,
            guardrail: guardrail ?? null,
          })
        : null;
    known.set(name, compiled);
    return compiled;
  };
}
