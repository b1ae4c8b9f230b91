import type { Level } from "@/lib/core/agents/schema";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";
import type { WayBack } from "@/lib/core/manifests/rollback";
import type { BlastRadius, Reversibility } from "@/lib/core/tools/schema";

import { frozenResult, PASS } from "./results";
import type { CheckResult, Verdict } from "./schema";

/** A column of the table of `design.md` §3.1. */
export type LevelColumn = "read" | "reversible_low" | "reversible" | "irreversible";

const LEVEL_TABLE: Readonly<Record<Level, Readonly<Record<LevelColumn, Verdict>>>> = {
  1: { read: "allow", reversible_low: "recommend", reversible: "recommend", irreversible: "recommend" },
  2: {
    read: "allow",
    reversible_low: "require_approval",
    reversible: "require_approval",
    irreversible: "require_approval",
  },
  3: { read: "allow", reversible_low: "allow", reversible: "require_approval", irreversible: "require_approval" },
  4: { read: "allow", reversible_low: "allow", reversible: "allow", irreversible: "require_approval" },
};

/**
 * The column a tool's class falls into; where two apply, the strictest.
 *
 * High blast radius is the last column whatever the reversibility, reads included: what a mass export has disclosed
 * cannot be taken back, so "only a read" is no comfort once the harm reaches far.
 */
export function columnOf(reversibility: Reversibility, blastRadius: BlastRadius): LevelColumn {
  if (blastRadius === "high" || reversibility === "irreversible") return "irreversible";
  if (reversibility === "read") return "read";
  if (reversibility === "partially_reversible" || blastRadius === "medium") return "reversible";
  return "reversible_low";
}

/** The verdict of the level table, for simulations and screens. */
export function levelVerdict(level: Level, column: LevelColumn): Verdict {
  return LEVEL_TABLE[level][column];
}

export type ToolClass = {
  readonly name: string;
  readonly path: string;
  readonly reversibility: Reversibility;
  readonly blastRadius: BlastRadius;
  readonly catalogued: boolean;
  /** The highest levels this tool may be used at, by whoever says so. */
  readonly caps?: readonly LevelCap[];
  /** Whether another tool can take back what this one does; asked at the highest level. */
  readonly wayBack?: WayBack;
  /** Why this call is of a graver class than its tool, as the beginning of a sentence. */
  readonly because?: string;
};

/** A demand that a tool is used as if the agent were at this level at most. */
export type LevelCap = { readonly level: Level; readonly rule: string; readonly path: string };

/** What the level table says of a tool at each level, made once when the manifest is compiled. */
export function levelResults(tool: ToolClass): Readonly<Record<Level, CheckResult>> {
  return Object.freeze({
    1: levelResult(tool, 1),
    2: levelResult(tool, 2),
    3: levelResult(tool, 3),
    4: levelResult(tool, 4),
  });
}

function levelResult(tool: ToolClass, level: Level): CheckResult {
  const column = columnOf(tool.reversibility, tool.blastRadius);
  const lowest = lowestCap(tool, level);
  const verdict = LEVEL_TABLE[lowest?.level ?? level][column];
  // A cap that changes nothing here is not what the answer rests on.
  const cap = verdict === LEVEL_TABLE[level][column] ? null : lowest;
  if (verdict === "allow") return rollbackResult(tool, lowest?.level ?? level);
  const asked = verdict === "recommend" ? "the agent may only recommend it" : "a person must approve it";
  if (cap !== null) {
    const message = `\`${tool.name}\` counts as used at level ${cap.level} (${LEVEL_NAMES[cap.level]}) at most, so ${asked}.`;
    const reasons = [{ code: "level_capped", message, path: `${cap.path}/max_level` }];
    return frozenResult({ check: "level", verdict, rule: `${cap.rule}.max_level`, reasons });
  }
  const message = `${classSentence(tool)}; at level ${level} (${LEVEL_NAMES[level]}) ${asked}.`;
  const code = verdict === "recommend" ? "level_recommends" : "level_requires_approval";
  const reasons = [{ code, message, path: tool.path }];
  return frozenResult({ check: "level", verdict, rule: `level.${level}.${column}`, reasons });
}

/** The cap that changes something at this level; of several the lowest, of equals the first. */
function lowestCap({ caps = [] }: ToolClass, level: Level): LevelCap | null {
  let lowest: LevelCap | null = null;
  for (const cap of caps) if (cap.level < level && (lowest === null || cap.level < lowest.level)) lowest = cap;
  return lowest;
}

/** At the highest level, what can be taken back only in part runs by itself only where something can take it back. */
function rollbackResult({ name, path, reversibility, wayBack }: ToolClass, level: Level): CheckResult {
  if (level !== 4 || reversibility !== "partially_reversible" || wayBack === undefined || wayBack.ok) return PASS.level;
  const message = `\`${name}\` is only partially reversible and ${wayBack.why}, so level 4 counts as level 3 for it: a person must approve it.`;
  const reasons = [{ code: "no_rollback", message, path }];
  return frozenResult({ check: "level", verdict: "require_approval", rule: wayBack.rule, reasons });
}

function classSentence({ name, reversibility, blastRadius, catalogued, because }: ToolClass): string {
  if (because !== undefined) return `${because}, so this call is taken as irreversible with high blast radius`;
  if (!catalogued) return `\`${name}\` is not in the catalogue and is taken as irreversible with high blast radius`;
  return `\`${name}\` is ${CLASS_WORDS[reversibility]} with ${blastRadius === "none" ? "no" : blastRadius} blast radius`;
}

const CLASS_WORDS: Readonly<Record<Reversibility, string>> = {
  read: "a read",
  reversible: "reversible",
  partially_reversible: "only partially reversible",
  irreversible: "irreversible",
};
