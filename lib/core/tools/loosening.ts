import { forgetsContent } from "@/lib/core/commands/content-hints";

import { hintedClass } from "./hints";
import { BLAST_RADII, type CatalogueTool, REVERSIBILITIES } from "./schema";

type Classed = Pick<CatalogueTool, "reversibility" | "blastRadius" | "argsSchema" | "scopeArgument" | "hints">;

/**
 * Whether a definition lets calls of its tool run more freely than the one before: a looser class, counted with what its
 * server says of it, a scope read from elsewhere, or a schema that no longer says what an argument holds. Such a change widens every manifest that allows the tool.
 */
export function loosens(before: Classed, after: Classed): boolean {
  const [old, now] = [hintedClass(before), hintedClass(after)];
  return (
    isLower(REVERSIBILITIES, after.reversibility, before.reversibility) ||
    isLower(BLAST_RADII, after.blastRadius, before.blastRadius) ||
    isLower(REVERSIBILITIES, now.reversibility, old.reversibility) ||
    isLower(BLAST_RADII, now.blastRadius, old.blastRadius) ||
    before.scopeArgument !== after.scopeArgument ||
    forgetsContent(before.argsSchema, after.argsSchema)
  );
}

const isLower = <T>(order: readonly T[], one: T, other: T): boolean => order.indexOf(one) < order.indexOf(other);
