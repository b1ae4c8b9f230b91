import type { Call, Facts, Verdict } from "@/lib/core/decisions/schema";
import type { Guardrail } from "@/lib/core/guardrails/schema";
import type { ContextSource, Manifest, TimeWindow } from "@/lib/core/manifests/schema";
import type { Json } from "@/lib/core/shared/json";
import { type CatalogueTool, uncatalogued } from "@/lib/core/tools/schema";

import { argumentsOf } from "./reference-arguments";
import { referenceRisk } from "./reference-risk";
import { classOf, isBlocked, means, type Objection, rowsOf, type World } from "./reference-world";

/** What the reference says: the verdict and the codes of its reasons, sorted. */
export type ReferenceAnswer = { readonly verdict: Verdict; readonly codes: readonly string[] };

/**
 * The decision written down as naively as it can be: the manifest is read as it stands, nothing is prepared, nothing is
 * shared with the engine but the schemas and the skeleton of names. Slow, and meant to be obviously right.
 *
 * It knows the part of JSON Schema that its tests use. Its purpose is to disagree with `decide` when `decide` is wrong.
 */
export function referenceDecide(
  manifest: Manifest,
  catalogue: ReadonlyMap<string, CatalogueTool>,
  {
    call,
    facts,
    guardrail = null,
  }: { readonly call: Call; readonly facts: Facts; readonly guardrail?: Guardrail | null },
): ReferenceAnswer {
  const entries = manifest.tools.allowed.filter((entry) => entry.name === call.tool);
  const restrictions = (guardrail?.tools.restricted ?? []).filter((entry) => means(entry.name, call.tool));
  const tool = catalogue.get(call.tool) ?? uncatalogued(call.tool);
  const world: World = { manifest, guardrail, catalogue, entries, restrictions, tool, call, facts };
  const objections: Objection[] = [];
  for (const check of [control, blocked, allowed, place, schemas, argumentsOf, context]) {
    objections.push(...check(world));
    if (objections.length > 0) break;
  }
  const isRefused = objections.length > 0;
  objections.push(...bounds(world));
  if (!isRefused) objections.push(...level(world), ...approval(world));
  const verdict = objections.reduce<Verdict>((worst, [next]) => (RANK[next] > RANK[worst] ? next : worst), "allow");
  return { verdict, codes: objections.map(([, code]) => code).toSorted() };
}

/** How strict a verdict is. */
export const RANK: Readonly<Record<Verdict, number>> = {
  allow: 0,
  require_approval: 1,
  recommend: 2,
  deny: 3,
  halt: 4,
};

function control({ facts }: World): Objection[] {
  if (facts.workspace.stopped) return [["halt", "workspace_stopped"]];
  return facts.agent.status === "active" ? [] : [["deny", "agent_not_active"]];
}

function blocked(world: World): Objection[] {
  return isBlocked(world, world.call.tool) ? [["deny", "tool_blocked"]] : [];
}

function allowed({ entries, tool }: World): Objection[] {
  if (entries.length === 0) return [["deny", "unknown_tool"]];
  return tool.status === "quarantined" ? [["deny", "tool_quarantined"]] : [];
}

function place(world: World): Objection[] {
  const { entries, restrictions, facts } = world;
  for (const entry of [...entries, ...restrictions]) {
    if (entry.environments && !entry.environments.includes(facts.agent.environment))
      return [["deny", "environment_not_allowed"]];
    if (entry.windows && !entry.windows.some((window) => isOpen(window, facts.now)))
      return [["deny", "outside_window"]];
  }
  return frozen(world, "deny") ? [["deny", "code_freeze"]] : [];
}

function frozen(world: World, answer: "deny" | "require_approval"): boolean {
  const { manifest, guardrail, facts, call } = world;
  const { reversibility, blastRadius } = classOf(world);
  const isRead = reversibility === "read" && blastRadius !== "high";
  return [...(manifest.freezes ?? []), ...(guardrail?.freezes ?? [])].some(
    (freeze) =>
      freeze.decide === answer &&
      (freeze.environments?.includes(facts.agent.environment) ?? true) &&
      (freeze.tools?.some((text) => means(text, call.tool)) ?? true) &&
      !(isRead && freeze.except_reads === true) &&
      !(facts.now < new Date(freeze.from) || facts.now >= new Date(freeze.to)),
  );
}

function isOpen({ days, from, to, timezone }: TimeWindow, now: Date): boolean {
  const wall = new Date(now.toLocaleString("en-US", { timeZone: timezone }));
  const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
  const today = names[wall.getDay()] ?? "sun";
  const yesterday = names[(wall.getDay() + 6) % 7] ?? "sun";
  const time = `${String(wall.getHours()).padStart(2, "0")}:${String(wall.getMinutes()).padStart(2, "0")}`;
  const opensOn = (day: (typeof names)[number]) => days === undefined || days.includes(day);
  if (from < to) return opensOn(today) && from <= time && time < to;
  return (opensOn(today) && time >= from) || (opensOn(yesterday) && time < to);
}

function schemas({ entries, restrictions, tool, call }: World): Objection[] {
  for (const schema of [tool.argsSchema, ...[...entries, ...restrictions].map((entry) => entry.args_schema)]) {
    if (schema === undefined) continue;
    if (typeof schema["$ref"] === "string") return [["deny", "invalid_tool_schema"]];
    if (!fits(call.args, schema)) return [["deny", "invalid_arguments"]];
  }
  return [];
}

/** `type`, `enum`, `required`, `properties` and `additionalProperties: false`; no more is asked of it. */
function fits(value: Json, schema: Readonly<Record<string, Json>>): boolean {
  const { type, enum: choices, required, properties, additionalProperties } = schema;
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  if (type !== undefined && type !== kind) return false;
  if (Array.isArray(choices) && !choices.includes(value)) return false;
  if (kind !== "object") return true;
  const members = new Map(Object.entries(value as object)); // an object by its kind
  if (Array.isArray(required) && !required.every((name) => members.has(name))) return false;
  const known = new Map(Object.entries((properties ?? {}) as object)); // schemas of the tests are well formed
  if (additionalProperties === false && ![...members.keys()].every((name) => known.has(name))) return false;
  return [...known].every(([name, member]) => !members.has(name) || fits(members.get(name), member));
}

function context(world: World): Objection[] {
  const own = world.manifest.context?.sources ?? [];
  const shared = world.guardrail?.context?.sources ?? [];
  const found: Objection[] = [];
  for (const [entries, needed] of [
    [world.entries, own],
    [world.restrictions, [...own, ...shared]],
  ] as const) {
    for (const name of entries.flatMap((entry) => entry.sources ?? [])) {
      if (!needed.some((one) => one.name === name)) found.push(["deny", "context_unknown"]);
      else for (const one of [...own, ...shared]) if (one.name === name) found.push(...sourceFault(one, world));
    }
  }
  return found;
}

function sourceFault(source: ContextSource, { call, facts }: World): Objection[] {
  const given = call.context.filter((one) => one.source === source.name);
  if (given.length === 0) return [["deny", "context_missing"]];
  for (const one of given) {
    const seconds = (facts.now.getTime() - new Date(one.as_of).getTime()) / 1_000;
    if (source.ttl_seconds !== undefined && (seconds > source.ttl_seconds || seconds < -60))
      return [["deny", "stale_context"]];
    const lacks = (source.scope_keys ?? []).some(
      (key) => !Object.hasOwn(one.scope, key) || one.scope[key] === null || one.scope[key] === "",
    );
    if (lacks) return [["deny", "out_of_scope"]];
  }
  return [];
}

function bounds({ manifest, guardrail, call, facts }: World): Objection[] {
  const lower = (key: "max_steps" | "max_wall_clock_seconds" | "max_cost_usd") =>
    [manifest.execution?.[key], guardrail?.execution?.[key]]
      .filter((limit) => limit !== undefined)
      .toSorted((a, b) => a - b)[0];
  const [steps, seconds, usd] = [lower("max_steps"), lower("max_wall_clock_seconds"), lower("max_cost_usd")];
  const run = facts.run ?? { state: "running", steps: 0, elapsedSeconds: 0, costMicros: 0 };
  if (run.state === "halted") return [["halt", "run_halted"]];
  if (steps !== undefined && run.steps >= steps) return [["halt", "max_steps"]];
  if (seconds !== undefined && run.elapsedSeconds > seconds) return [["halt", "max_wall_clock_seconds"]];
  if (usd === undefined) return [];
  const limit = Math.round(usd * 1e6);
  const wanted = Math.round((call.estimate?.cost_usd ?? 0) * 1e6);
  const isOver = wanted > 0 ? run.costMicros + wanted > limit : run.costMicros >= limit;
  return isOver ? [["halt", "max_cost_usd"]] : [];
}

function level(world: World): Objection[] {
  const { reversibility, blastRadius } = classOf(world);
  const given = world.facts.agent.level;
  const at = Math.min(given, ...[...world.entries, ...world.restrictions].map((entry) => entry.max_level ?? given));
  const verdict = levelVerdict(world, at);
  const isCapped = verdict !== levelVerdict(world, given);
  if (verdict === "recommend") return [["recommend", isCapped ? "level_capped" : "level_recommends"]];
  if (verdict === "require_approval")
    return [["require_approval", isCapped ? "level_capped" : "level_requires_approval"]];
  if (at < 4 || blastRadius === "high") return [];
  const isBack = world.entries.every((entry) => takesBack(world, entry.rollback));
  return reversibility === "partially_reversible" && !isBack ? [["require_approval", "no_rollback"]] : [];
}

function levelVerdict(world: World, at: number): Verdict {
  const { reversibility, blastRadius } = classOf(world);
  if (blastRadius !== "high" && reversibility === "read") return "allow";
  if (at === 1) return "recommend";
  if (at === 2 || blastRadius === "high" || reversibility === "irreversible") return "require_approval";
  const isLow = reversibility === "reversible" && blastRadius !== "medium";
  return at === 3 && !isLow ? "require_approval" : "allow";
}

function takesBack(world: World, rollback: string | undefined): boolean {
  const { manifest, catalogue, call } = world;
  if (rollback === undefined || rollback === call.tool || isBlocked(world, rollback)) return false;
  if (!manifest.tools.allowed.some((entry) => entry.name === rollback)) return false;
  return catalogue.get(rollback)?.status === "active";
}

function approval(world: World): Objection[] {
  const { manifest, guardrail, entries, restrictions, call } = world;
  const found: Objection[] = [];
  const all = [...entries, ...restrictions];
  if (all.some((entry) => entry.requires_approval === true)) found.push(["require_approval", "requires_approval"]);
  if (frozen(world, "require_approval")) found.push(["require_approval", "code_freeze"]);
  const { reversibility } = classOf(world);
  for (const [index, { max_rows: limit }] of all.entries()) {
    const isGrant = index < entries.length;
    const most = limit ?? (isGrant && reversibility === "irreversible" ? 1 : Number.POSITIVE_INFINITY);
    const rows = rowsOf(call);
    if (rows === null && limit !== undefined) found.push(["require_approval", "rows_unknown"]);
    if (rows !== null && rows > most) found.push(["require_approval", "max_rows"]);
  }
  const gates = [manifest.risk?.require_approval_at, guardrail?.risk?.require_approval_at];
  const risk = referenceRisk(world);
  if (gates.some((gate) => gate !== undefined && risk >= gate)) found.push(["require_approval", "risk_threshold"]);
  return [...new Map(found.map((one) => [one[1], one])).values()];
}
