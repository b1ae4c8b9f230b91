import type { Call, Facts, Verdict } from "@/lib/core/decisions/schema";
import type { Guardrail, RestrictedTool } from "@/lib/core/guardrails/schema";
import type { AllowedTool, Manifest } from "@/lib/core/manifests/schema";
import type { Json } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/names";
import type { BlastRadius, CatalogueTool, Reversibility } from "@/lib/core/tools/schema";

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
export function classOf({ entries, restrictions, tool }: World) {
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

/** For the arguments of the tests: `id`, `ids`, and lists of objects with an `id`. */
export function rowsOf({ args, effect }: Call): number | null {
  const counts: number[] =
    effect?.kind === "rows" ? [Math.max(effect.total ?? 0, effect.before.length, effect.after.length)] : [];
  let isClear = true;
  let isFurther = false;
  const named: number[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (name === "id" || name === "ids") {
      const list: readonly Json[] = Array.isArray(value) ? value : [value];
      const isPlain =
        list.length > 0 &&
        list.every((id) => Number.isSafeInteger(id) || (typeof id === "string" && /^[\w-]+$/.test(id)));
      if (isPlain) named.push(list.length);
      else isClear = false;
    } else if (
      name === "where" ||
      name === "filter" ||
      (name === "nested" && JSON.stringify(value).includes('"filter"'))
    ) {
      isClear = false;
    } else if (
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((one) => typeof one === "object" && one !== null && "id" in one)
    ) {
      named.push(value.length);
    } else if (Array.isArray(value) && value.length > 0 && name !== "fields" && name !== "scope") {
      isFurther = true;
    }
  }
  if (isFurther) isClear = false;
  if (isClear) counts.push(...named);
  return counts.length > 0 ? Math.max(...counts) : null;
}
