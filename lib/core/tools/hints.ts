import { BLAST_RADII, type BlastRadius, type CatalogueTool, REVERSIBILITIES, type Reversibility } from "./schema";

/**
 * A tool's class with what its server says about it. Hints come from whoever wrote the tool, so they are believed only
 * where they speak against it: no hint makes a class looser.
 *
 * `destructiveHint` raises by one step and at least to partially reversible; a tool that says it is not read-only is not
 * taken for a read; one that reaches an open world has some blast radius. `readOnlyHint` and `idempotentHint` change
 * nothing.
 *
 * @source MCP specification 2025-11-25, ToolAnnotations
 */
export function hintedClass({
  reversibility,
  blastRadius,
  hints,
}: Pick<CatalogueTool, "reversibility" | "blastRadius" | "hints">): {
  readonly reversibility: Reversibility;
  readonly blastRadius: BlastRadius;
} {
  if (!hints) return { reversibility, blastRadius };
  const destructive = hints.destructiveHint === true ? raised(reversibility) : reversibility;
  const writes = hints.readOnlyHint === false ? "reversible" : "read";
  return {
    reversibility: stricter(REVERSIBILITIES, destructive, writes),
    blastRadius: stricter(BLAST_RADII, blastRadius, hints.openWorldHint === true ? "low" : "none"),
  };
}

function raised(reversibility: Reversibility): Reversibility {
  return reversibility === "read" || reversibility === "reversible" ? "partially_reversible" : "irreversible";
}

function stricter<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
