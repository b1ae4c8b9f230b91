import type { Call, Facts, Verdict } from "@/lib/core/decisions/schema";
import type { Manifest, TimeWindow } from "@/lib/core/manifests/schema";
import type { Json } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/names";
import { type CatalogueTool, uncatalogued } from "@/lib/core/tools/schema";

import { argumentsOf } from "./reference-arguments";
import { referenceRisk } from "./reference-risk";
import { classOf, type Objection, rowsOf, type World } from "./reference-world";

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
  { call, facts }: { readonly call: Call; readonly facts: Facts },
): ReferenceAnswer {
  const entries = manifest.tools.allowed.filter((entry) => entry.name === call.tool);
  const tool = catalogue.get(call.tool) ?? uncatalogued(call.tool);
  const world: World = { manifest, entries, tool, call, facts };
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

function control(world: World): Objection[] {
  const { facts, entries } = world;
  if (facts.workspace.stopped) return [["halt", "workspace_stopped"]];
  if (facts.agent.status !== "active") return [["deny", "agent_not_active"]];
  const reads = entries.length > 0 && classOf(world).reversibility === "read";
  return facts.workspace.readsOnly && !reads ? [["deny", "recovering"]] : [];
}

function blocked({ manifest, call }: World): Objection[] {
  const isBlocked = manifest.tools.blocked.some((text) => {
    if (!/[*?]/.test(text)) return skeletonOf(text) === skeletonOf(call.tool);
    return asRegExp(text).test(call.tool) || asRegExp(skeletonOf(text)).test(skeletonOf(call.tool));
  });
  return isBlocked ? [["deny", "tool_blocked"]] : [];
}

function asRegExp(glob: string): RegExp {
  const source = [...glob].map((one) =>
    one === "*" ? "[^]*" : one === "?" ? "[^]" : one.replace(/[\\^$.|+()[\]{}]/g, "\\$&"),
  );
  return new RegExp(`^${source.join("")}$`);
}

function allowed({ entries, tool }: World): Objection[] {
  if (entries.length === 0) return [["deny", "unknown_tool"]];
  return tool.status === "quarantined" ? [["deny", "tool_quarantined"]] : [];
}

function place({ entries, facts }: World): Objection[] {
  for (const entry of entries) {
    if (entry.environments && !entry.environments.includes(facts.agent.environment))
      return [["deny", "environment_not_allowed"]];
    if (entry.windows && !entry.windows.some((window) => isOpen(window, facts.now)))
      return [["deny", "outside_window"]];
  }
  return [];
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

function schemas({ entries, tool, call }: World): Objection[] {
  for (const schema of [tool.argsSchema, ...entries.map((entry) => entry.args_schema)]) {
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

function context({ manifest, entries, call, facts }: World): Objection[] {
  return entries.flatMap((entry) =>
    (entry.sources ?? []).flatMap((name): Objection[] => {
      const source = manifest.context?.sources.find((one) => one.name === name);
      if (!source) return [["deny", "context_unknown"]];
      const given = call.context.filter((one) => one.source === name);
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
    }),
  );
}

function bounds({ manifest, call, facts }: World): Objection[] {
  const { max_steps: steps, max_wall_clock_seconds: seconds, max_cost_usd: usd } = manifest.execution ?? {};
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
  const at = world.facts.agent.level;
  if (blastRadius !== "high" && reversibility === "read") return [];
  if (at === 1) return [["recommend", "level_recommends"]];
  const asks: Objection[] = [["require_approval", "level_requires_approval"]];
  if (at === 2 || blastRadius === "high" || reversibility === "irreversible") return asks;
  const isLow = reversibility === "reversible" && blastRadius !== "medium";
  return at === 3 && !isLow ? asks : [];
}

function approval(world: World): Objection[] {
  const { manifest, entries, call } = world;
  const found: Objection[] = [];
  if (entries.some((entry) => entry.requires_approval === true)) found.push(["require_approval", "requires_approval"]);
  const { reversibility } = classOf(world);
  for (const { max_rows: limit } of entries) {
    const most = limit ?? (reversibility === "irreversible" ? 1 : Number.POSITIVE_INFINITY);
    const rows = rowsOf(call);
    if (rows === null && limit !== undefined) found.push(["require_approval", "rows_unknown"]);
    if (rows !== null && rows > most) found.push(["require_approval", "max_rows"]);
  }
  const gate = manifest.risk?.require_approval_at;
  if (gate !== undefined && referenceRisk(world) >= gate) found.push(["require_approval", "risk_threshold"]);
  return [...new Map(found.map((one) => [one[1], one])).values()];
}
