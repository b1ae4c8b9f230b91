import { FIRST_CALL } from "@/lib/core/decisions/bounds";
import type { Call, Facts, RunFacts, Verdict } from "@/lib/core/decisions/schema";
import type { Guardrail } from "@/lib/core/guardrails/schema";
import type { Condition } from "@/lib/core/manifests/condition-schema";
import type { Manifest, TimeWindow } from "@/lib/core/manifests/schema";
import type { Json } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import { type CatalogueTool, uncatalogued } from "@/lib/core/tools/schema";

import { argumentsOf, truth } from "./reference-arguments";
import { context } from "./reference-context";
import { referenceRisk } from "./reference-risk";
import { classOf, isBlocked, means, type Objection, rowsOf, toolClassOf, type World } from "./reference-world";

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
  if (!isRefused) objections.push(...counts(world), ...level(world), ...approval(world));
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

function control(world: World): Objection[] {
  const { facts, entries } = world;
  if (facts.workspace.stopped) return [["halt", "workspace_stopped"]];
  if (facts.agent.status !== "active") return [["deny", "agent_not_active"]];
  const reads = entries.length > 0 && classOf(world).reversibility === "read";
  return facts.workspace.readsOnly && !reads ? [["deny", "recovering"]] : [];
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

/** The least of what manifest and guardrail write; the engine's own limit counts as written by the manifest. */
function boundsWritten({ manifest, guardrail }: World) {
  const [own, shared] = [manifest.execution ?? {}, guardrail?.execution ?? {}];
  const least = (...limits: (number | undefined)[]) =>
    limits.filter((limit) => limit !== undefined).toSorted((a, b) => a - b)[0];
  const isLooped = own.loop !== undefined || shared.loop !== undefined;
  return {
    steps: least(own.max_steps, shared.max_steps),
    seconds: least(own.max_wall_clock_seconds, shared.max_wall_clock_seconds),
    usd: least(own.max_cost_usd, shared.max_cost_usd),
    dayUsd: least(own.daily_cost_usd, shared.daily_cost_usd),
    dayTokens: least(own.daily_tokens, shared.daily_tokens),
    defaultUsd: own.default_estimate_usd,
    defaultTokens: own.default_estimate_tokens,
    hard: least(own.hard_at ?? 1, shared.hard_at) ?? 1,
    retries: least(own.max_retries_per_action ?? 3, shared.max_retries_per_action) ?? 3,
    failures: least(own.circuit_breaker?.failures ?? 5, shared.circuit_breaker?.failures) ?? 5,
    coolDown: Math.max(own.circuit_breaker?.cool_down_seconds ?? 60, shared.circuit_breaker?.cool_down_seconds ?? 0),
    repeats: isLooped
      ? (least(own.loop && (own.loop.repeats ?? 10), shared.loop && (shared.loop.repeats ?? 10)) ?? 10)
      : undefined,
  };
}

/** The first of them that is met. */
function bounds(world: World): Objection[] {
  const { call, facts } = world;
  const run = facts.run ?? FIRST_CALL;
  // A share of what is left always fits in it, so that holding nothing answers the same.
  const firstOf = (...amounts: (number | null | undefined)[]) =>
    amounts.find((amount) => amount != null && amount > 0) ?? 0;
  const spent = (used: number, wanted: number, limit: number) => (wanted > 0 ? used + wanted > limit : used >= limit);
  const { steps, seconds, usd, dayUsd, dayTokens, defaultUsd, defaultTokens, ...others } = boundsWritten(world);
  const { hard, retries, failures, coolDown, repeats } = others;
  const micros = (amount: number | undefined) => Math.round((amount ?? 0) * 1e6);
  const cost = firstOf(micros(call.estimate?.cost_usd), facts.usual?.costMicros, micros(defaultUsd));
  const tokens = firstOf(call.estimate?.tokens, facts.usual?.tokens, defaultTokens);
  if (run.state === "halted") return [["halt", "run_halted"]];
  if (steps !== undefined && run.steps >= steps + run.extraSteps) return [["halt", "max_steps"]];
  if (seconds !== undefined && run.elapsedSeconds > seconds + run.extraSeconds)
    return [["halt", "max_wall_clock_seconds"]];
  if (usd !== undefined && spent(run.costMicros, cost, Math.round(usd * 1e6) + run.extraCostMicros))
    return [["halt", "max_cost_usd"]];
  if (dayUsd !== undefined && spent(run.dayCostMicros, cost, Math.floor(Math.round(dayUsd * 1e6) * hard)))
    return [["halt", "daily_cost_usd"]];
  if (dayTokens !== undefined && spent(run.dayTokens, tokens, Math.floor(dayTokens * hard)))
    return [["halt", "daily_tokens"]];
  if (repeats !== undefined && call.approval_id === null && run.sameCalls >= repeats) return [["halt", "loop"]];
  if (run.failures > retries) return [["deny", "max_retries_per_action"]];
  const isTripped = run.breaker.failures >= failures;
  const mayTry = run.breaker.secondsSince >= coolDown && !run.breaker.isTrialOut;
  if (isTripped && !mayTry) return [["deny", "circuit_breaker"]];
  return isDown(run.dependency) ? [["deny", "dependency_breaker"]] : [];
}

/** A system that failed as often as the workspace says, for two agents or more, until it has cooled down and nobody else is trying it. */
function isDown(dependency: RunFacts["dependency"]): boolean {
  if (!dependency || dependency.failures < dependency.opensAt || dependency.agents < 2) return false;
  const tried = dependency.trialSecondsAgo ?? Number.POSITIVE_INFINITY;
  return dependency.secondsSince < dependency.coolDownSeconds || tried < dependency.coolDownSeconds;
}

/** Limits and sequences, each asked by itself. */
function counts(world: World): Objection[] {
  const { manifest, guardrail, entries, restrictions, call, facts } = world;
  const counted = (key: string) => (facts.tallies === null ? 0 : (facts.tallies[key] ?? Number.POSITIVE_INFINITY));
  const found: Objection[] = [];
  for (const { limits } of [...entries, ...restrictions]) {
    for (const span of ["per_run", "per_hour", "per_day"] as const) {
      const most = limits?.[span];
      if (most !== undefined && counted(`calls ${span} ${call.tool}`) + 1 > most) found.push(["deny", `limit_${span}`]);
    }
    if (limits?.rows_per_hour === undefined) continue;
    const rows = rowsOf(call);
    if (rows === null) found.push(["deny", "rows_unknown"]);
    else if (counted(`rows ${call.tool}`) + rows > limits.rows_per_hour) found.push(["deny", "limit_rows_per_hour"]);
  }
  const sequences = [
    ...(manifest.sequences ?? []).map((sequence) => ({ sequence, place: "sequences" })),
    ...(guardrail?.sequences ?? []).map((sequence) => ({ sequence, place: "guardrails.sequences" })),
  ];
  for (const { sequence, place } of sequences) {
    const applies = (where: Condition | undefined) => where === undefined || truth(where, call.args) !== false;
    if ("count" in sequence) {
      const { tool, where, over } = sequence.count;
      if (tool === call.tool && applies(where) && counted(`count ${place} ${sequence.name}`) + 1 > over)
        found.push([sequence.decide, "sequence_count"]);
      continue;
    }
    if (sequence.then.tool !== call.tool || !applies(sequence.then.where)) continue;
    const key = `after ${place} ${sequence.name}`;
    const value = sequence.bind === undefined ? undefined : call.args[sequence.bind.then];
    const name = typeof value === "string" || typeof value === "number" ? skeletonOf(String(value)) : "";
    const marks = name !== "" ? [`${key} =${JSON.stringify(name)}`, `${key} unnamed`] : [`${key} any`];
    if (marks.some((mark) => counted(mark) > 0)) found.push([sequence.decide, "sequence"]);
  }
  return found;
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
  const isAsked = [manifest.memory, guardrail?.memory].some((one) => one?.preferences?.requires_user_approval === true);
  if (isAsked && call.tool.startsWith("memory.preferences.") && call.tool !== "memory.preferences.read")
    found.push(["require_approval", "preference_requires_approval"]);
  const { reversibility } = toolClassOf(world);
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
