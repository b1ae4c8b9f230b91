import type { Call, Facts, Verdict } from "@/lib/core/decisions/schema";
import type { AllowedTool, Manifest } from "@/lib/core/manifests/schema";
import type { Json } from "@/lib/core/shared/json";
import type { CatalogueTool } from "@/lib/core/tools/schema";

/** Something that stands against a call, and how strictly. */
export type Objection = readonly [verdict: Verdict, code: string];

/** Everything one naive decision looks at. */
export type World = {
  readonly manifest: Manifest;
  readonly entries: readonly AllowedTool[];
  readonly tool: CatalogueTool;
  readonly call: Call;
  readonly facts: Facts;
};

const CLASSES = ["read", "reversible", "partially_reversible", "irreversible"] as const;
const RADII = ["none", "low", "medium", "high"] as const;

/** A tool's class with everything the manifest says on top. */
export function classOf({ entries, tool }: World) {
  const worst = <T>(order: readonly T[], first: T, more: readonly (T | undefined)[]) =>
    order.findLast((one) => one === first || more.includes(one)) ?? first;
  return {
    reversibility: worst(
      CLASSES,
      tool.reversibility,
      entries.map((entry) => entry.reversibility),
    ),
    blastRadius: worst(
      RADII,
      tool.blastRadius,
      entries.map((entry) => entry.blast_radius),
    ),
  };
}

/** For the arguments of the tests: `id`, `ids`, and lists of objects with an `id`. */
export function rowsOf({ args, effect }: Call): number | null {
  const counts: number[] =
    effect?.kind === "rows" ? [Math.max(effect.total ?? 0, effect.before.length, effect.after.length)] : [];
  let isClear = true;
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
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((one) => typeof one === "object" && one !== null && "id" in one)
    ) {
      named.push(value.length);
    }
  }
  if (isClear) counts.push(...named);
  return counts.length > 0 ? Math.max(...counts) : null;
}
