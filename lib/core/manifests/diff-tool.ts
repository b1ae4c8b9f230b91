import { isCommandArgument } from "@/lib/core/commands/content-names";
import { wordsOf } from "@/lib/core/commands/name-command";
import { BLAST_RADII, REVERSIBILITIES } from "@/lib/core/tools/schema";

import { type ChangeKind, type ChangeList, demandKind, limitKind, listKind, type Pair, same } from "./change";
import type { Condition } from "./condition-schema";
import { readingsOf } from "./constraint";
import type { ConstraintValue } from "./constraint-schema";
import type { AllowedTool } from "./schema";
import { beginsText } from "./text-prefix";

/** Compares two entries for one tool, key by key. */
export function diffTool(
  list: ChangeList,
  path: string,
  { before, after }: { before: AllowedTool; after: AllowedTool },
): void {
  const where = `\`${after.name}\``;
  const compare = <K extends keyof AllowedTool>(
    key: K,
    kindOf: (pair: Pair<NonNullable<AllowedTool[K]>>) => ChangeKind,
  ) => {
    const pair = { before: before[key] ?? undefined, after: after[key] ?? undefined };
    list.compare({ path, key, where }, pair, kindOf(pair));
  };
  compare("scope", (pair) => listKind(pair, "subset"));
  compare("when", conditionKind);
  compare("args_schema", demandKind);
  compare("result_schema", demandKind);
  compare("ids_only", flagKind);
  compare("max_rows", (pair) => limitKind(pair, "lower"));
  compare("requires_approval", flagKind);
  compare("environments", (pair) => listKind(pair, "subset"));
  compare("windows", (pair) => listKind(pair, "subset"));
  compare("sources", (pair) => listKind(pair, "superset"));
  compare("reversibility", (pair) => classKind(REVERSIBILITIES, pair));
  compare("blast_radius", (pair) => classKind(BLAST_RADII, pair));
  compare("limits", limitsKind);
  compare("max_level", (pair) => limitKind(pair, "lower"));
  // What reverses a call decides how freely it may run, so another one must be looked at.
  compare("rollback", ({ before: old, after: now }) =>
    now === undefined && old !== undefined ? "narrowing" : "widening",
  );
  diffConstraints(list, { path, where }, { before: before.constraints ?? {}, after: after.constraints ?? {} });
}

function flagKind({ before, after }: Pair<boolean>): ChangeKind {
  if ((before ?? false) === (after ?? false)) return "neutral";
  return after === true ? "narrowing" : "widening";
}

/** A class in a manifest can only tighten the catalogue's, so a new one narrows at most. */
function classKind<T>(order: readonly T[], { before, after }: Pair<T>): ChangeKind {
  if (before === undefined) return "narrowing";
  if (after === undefined) return "widening";
  return order.indexOf(after) >= order.indexOf(before) ? "narrowing" : "widening";
}

function limitsKind({ before, after }: Pair<Readonly<Record<string, number | undefined>>>): ChangeKind {
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const kinds = [...keys].map((key) => limitKind({ before: before?.[key], after: after?.[key] }, "lower"));
  return kinds.includes("widening") ? "widening" : kinds.includes("narrowing") ? "narrowing" : "neutral";
}

/** A condition narrows when it is the old one and something more; anything cleverer needs a person. */
function conditionKind({ before, after }: Pair<Condition>): ChangeKind {
  if (before === undefined) return "narrowing";
  if (after === undefined) return "widening";
  const demanded = "all" in before ? before.all : [before];
  const given = "all" in after ? after.all : [after];
  return demanded.every((one) => given.some((other) => same(one, other))) ? "narrowing" : "widening";
}

type Constraints = Readonly<Record<string, ConstraintValue>>;

function diffConstraints(
  list: ChangeList,
  { path, where }: { readonly path: string; readonly where: string },
  constraints: { readonly before: Constraints; readonly after: Constraints },
): void {
  const before = new Map(Object.entries(constraints.before));
  const after = new Map(Object.entries(constraints.after));
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const pair = { before: before.get(key), after: after.get(key) };
    list.compare({ path: `${path}/constraints`, key, where }, pair, constraintKind(key, pair));
  }
}

function constraintKind(name: string, pair: Pair<ConstraintValue>): ChangeKind {
  const { before, after } = pair;
  // Such a list also lets run unasked what it names, so the first one gives as well as takes.
  const isGiving = name === "allowed_commands" || name === "allowed_statements";
  if (before === undefined) return isGiving ? "widening" : "narrowing";
  if (after === undefined) return "widening";
  const kind = readingsOf(name)[0]?.kind;
  if (typeof before === "number" && typeof after === "number") {
    return limitKind({ before, after }, kind === "min" ? "higher" : "lower");
  }
  const old = Array.isArray(before) ? before : [before];
  const now = Array.isArray(after) ? after : [after];
  if (kind === "allowed") return listKind({ before: old, after: now }, "subset");
  if (kind === "denied") return listKind({ before: old, after: now }, "superset");
  return kind === "prefix" && now.every((one) => old.some((other) => isLonger(name, String(one), String(other))))
    ? "narrowing"
    : "widening";
}

/** Whether every value that begins with `prefix` also begins with `old`: by words for a command, else as texts are compared. */
function isLonger(name: string, prefix: string, old: string): boolean {
  if (!isCommandArgument(name.replace(/^prefix_/, ""))) return beginsText(prefix, old) === "true";
  const words = wordsOf(prefix);
  return wordsOf(old).every((word, at) => words[at] === word);
}
