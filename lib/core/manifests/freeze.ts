import type { Environment } from "@/lib/core/agents/schema";
import { skeletonOf } from "@/lib/core/shared/skeleton";

import { globMatches, isGlob } from "./glob";
import type { Freeze } from "./schema";

/** A freeze ready to be asked, as one tool meets it. */
export type CompiledFreeze = {
  readonly rule: string;
  readonly path: string;
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly until: string;
  readonly environments: ReadonlySet<Environment> | null;
  readonly decide: Freeze["decide"];
  readonly exceptReads: boolean;
};

/** Whether a name or a pattern of a restriction means this tool: by what it looks like, so that no spelling escapes it. */
export function meansTool(text: string, name: string): boolean {
  const pattern = skeletonOf(text);
  const skeleton = skeletonOf(name);
  return isGlob(text) ? globMatches(text, name) || globMatches(pattern, skeleton) : pattern === skeleton;
}

/** The freezes that concern a tool, of the manifest first, then of the guardrail. */
export function freezesOf(
  name: string,
  own: readonly Freeze[] = [],
  byGuardrail: readonly Freeze[] = [],
): readonly CompiledFreeze[] {
  return [...compiled(name, own, "", ""), ...compiled(name, byGuardrail, "guardrails.", "/guardrails")];
}

function compiled(name: string, freezes: readonly Freeze[], rules: string, paths: string): CompiledFreeze[] {
  return freezes.flatMap((freeze, index) => {
    if (freeze.tools !== undefined && !freeze.tools.some((text) => meansTool(text, name))) return [];
    return [
      Object.freeze({
        rule: `${rules}freezes[${index}]`,
        path: `${paths}/freezes/${index}`,
        name: freeze.name,
        fromMs: Date.parse(freeze.from),
        toMs: Date.parse(freeze.to),
        until: freeze.to,
        environments: freeze.environments === undefined ? null : new Set(freeze.environments),
        decide: freeze.decide,
        exceptReads: freeze.except_reads === true,
      }),
    ];
  });
}

/** Whether a freeze holds at an instant; the end is not part of it. At an instant that is no time, every freeze holds. */
export function isFrozen(freeze: CompiledFreeze, environment: Environment, now: Date): boolean {
  if (freeze.environments !== null && !freeze.environments.has(environment)) return false;
  const at = now.getTime();
  return !(at < freeze.fromMs || at >= freeze.toMs);
}
