import type { Call, Facts, Verdict } from "@/lib/core/decisions/schema";
import type { Guardrail, RestrictedTool } from "@/lib/core/guardrails/schema";
import type { AllowedTool, Manifest } from "@/lib/core/manifests/schema";
import type { Json } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import type { BlastRadius, CatalogueTool, Reversibility } from "@/lib/core/tools/schema";

import { harmOf } from "./reference-commands";

/** Something that stands against a call, and how strictly. */
export type Objection = readonly [verdict: Verdict, code: string];

/** Everything one naive decision looks at. */
export type World = {
  readonly manifest: Manifest;
  readonly guardrail: Guardrail | null;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  /** What the guardrail says about the tool. */
  readonly restrictions: readonly RestrictedTool[];
  readonly entries: readonly AllowedTool[];
  readonly tool: CatalogueTool;
  readonly call: Call;
  readonly facts: Facts;
};

const CLASSES = ["read", "reversible", "partially_reversible", "irreversible"] as const;
const RADII = ["none", "low", "medium", "high"] as const;

/** A tool's class with everything the manifest, the guardrail and the tool's own hints say on top. */
export function classOf(world: World) {
  const { reversibility, blastRadius } = toolClassOf(world);
  const harm = harmOf(world.call, world.entries);
  if (world.entries.length === 0 || harm === "reads") return { reversibility, blastRadius };
  if (harm === "grave") return { reversibility: "irreversible", blastRadius: "high" } as const;
  return {
    reversibility: reversibility === "read" ? ("reversible" as const) : reversibility,
    blastRadius: blastRadius === "none" ? ("low" as const) : blastRadius,
  };
}

/** The same without a look at what the call holds. */
export function toolClassOf({ entries, restrictions, tool }: World) {
  const worst = <T>(order: readonly T[], first: T, more: readonly (T | undefined)[]) =>
    order.findLast((one) => one === first || more.includes(one)) ?? first;
  const all = [...entries, ...restrictions];
  const isDestructive = tool.hints?.destructiveHint === true;
  const destroys = CLASSES.indexOf(tool.reversibility) < 2 ? "partially_reversible" : "irreversible";
  return {
    reversibility: worst<Reversibility>(CLASSES, tool.reversibility, [
      ...all.map((entry) => entry.reversibility),
      isDestructive ? destroys : undefined,
      tool.hints?.readOnlyHint === false ? "reversible" : undefined,
    ]),
    blastRadius: worst<BlastRadius>(RADII, tool.blastRadius, [
      ...all.map((entry) => entry.blast_radius),
      tool.hints?.openWorldHint === true ? "low" : undefined,
    ]),
  };
}

/** Whether a name or pattern means a tool, by what it looks like. */
export function means(text: string, name: string): boolean {
  if (!/[*?]/.test(text)) return skeletonOf(text) === skeletonOf(name);
  return asRegExp(text).test(name) || asRegExp(skeletonOf(text)).test(skeletonOf(name));
}

/** Whether manifest or guardrail blocks a tool. */
export function isBlocked({ manifest, guardrail }: World, name: string): boolean {
  return [...manifest.tools.blocked, ...(guardrail?.tools.blocked ?? [])].some((text) => means(text, name));
}

function asRegExp(glob: string): RegExp {
  const source = [...glob].map((one) =>
    one === "*" ? "[^]*" : one === "?" ? "[^]" : one.replace(/[\\^$.|+()[\]{}]/g, "\\$&"),
  );
  return new RegExp(`^${source.join("")}$`);
}

/**
 * For the arguments of the tests: `id`, `ids`, and lists of objects with an `id`. A condition anywhere, and a list of other
 * values beside an id, leave open how many rows there are.
 */
export function rowsOf({ args, effect }: Call): number | null {
  const shown = effect?.kind === "rows" ? Math.max(effect.total ?? 0, effect.before.length, effect.after.length) : null;
  const named = rowsNamed(args);
  const counts = [shown, named].filter((count) => count !== null);
  return counts.length > 0 ? Math.max(...counts) : null;
}

function rowsNamed(args: Call["args"]): number | null {
  let single = 0;
  let listed = 0;
  let nested = 0;
  let hasFurther = false;
  for (const [name, value] of Object.entries(args)) {
    if (name === "where" || hasOperator(value)) return null;
    if (name === "id" || name === "ids") {
      const ids: readonly Json[] = Array.isArray(value) ? value : [value];
      if (ids.length === 0 || !ids.every(isId)) return null;
      if (Array.isArray(value)) listed += ids.length;
      else single = 1;
    } else if (Array.isArray(value) && value.length > 0) {
      if (value.every((one) => typeof one === "object" && one !== null && "id" in one)) listed += value.length;
      else if (name !== "fields" && name !== "scope") hasFurther = true;
    } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      if ("filter" in value) return null;
      if ("id" in value) nested = 1;
    }
  }
  if (single === 0 && listed === 0 && nested === 0) return null;
  return hasFurther ? null : Math.max(single, listed, nested);
}

const isId = (id: Json) =>
  (typeof id === "number" && Number.isSafeInteger(id) && id >= 0) || (typeof id === "string" && /^[\w-]+$/.test(id));

const hasOperator = (value: Json) =>
  typeof value === "object" && value !== null && Object.keys(value).some((name) => name.startsWith("$"));
