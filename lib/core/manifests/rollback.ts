import type { CatalogueTool } from "@/lib/core/tools/schema";

import { blockedBy, type BlockList } from "./blocked";
import type { AllowedTool } from "./schema";

/** Whether what a tool does can be taken back by another tool the agent may use; if not, why not. */
export type WayBack = { readonly ok: true } | { readonly ok: false; readonly rule: string; readonly why: string };

const GIVEN: WayBack = Object.freeze({ ok: true });

type Around = {
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  readonly allowed: ReadonlySet<string>;
  readonly blocked: BlockList;
};

/**
 * The way back every entry about a tool names. A further entry must not open what the first one closes, so each must
 * name one, and each one named must be usable.
 */
export function wayBack(
  name: string,
  entries: readonly (readonly [index: number, entry: AllowedTool])[],
  around: Around,
): WayBack {
  for (const [index, { rollback }] of entries) {
    const why = rollbackFault(name, rollback, around);
    if (why !== null) return { ok: false, rule: `tools.allowed[${index}].rollback`, why };
  }
  return GIVEN;
}

/** Why a tool is no way back; null when it is one. */
export function rollbackFault(name: string, rollback: string | undefined, around: Around): string | null {
  if (rollback === undefined) return "no `rollback` is named";
  if (rollback === name) return "a tool is no way back from itself";
  if (!around.allowed.has(rollback)) return `the agent may not use its rollback \`${rollback}\``;
  if (blockedBy(around.blocked, rollback) !== null) return `its rollback \`${rollback}\` is blocked`;
  const tool = around.catalogue.get(rollback);
  if (tool === undefined) return `its rollback \`${rollback}\` is not in the catalogue`;
  return tool.status === "active" ? null : `its rollback \`${rollback}\` is quarantined`;
}
