import type { CallReading } from "@/lib/core/commands/read-call";
import { type RowHints, rowsOf } from "@/lib/core/decisions/rows";
import type { Call, Reason, Tally, TallyScope } from "@/lib/core/decisions/schema";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";
import { skeletonOf } from "@/lib/core/shared/skeleton";

import { argumentAt, possibly } from "./condition";
import type { Condition } from "./condition-schema";
import type { AllowedTool } from "./schema";
import type { Sequence } from "./sequence-schema";

/** What a call of one tool is counted under; made for each call, since conditions and bindings read its arguments. */
export type TallyRule = (call: Call, reading: CallReading) => readonly Tally[];

/** A rule of `sequences` with its place: `sequences[0]`, `/sequences/0`. */
export type PlacedSequence = { readonly sequence: Sequence; readonly rule: string; readonly path: string };

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: HOUR_SECONDS, d: DAY_SECONDS };
const NO_TALLIES: readonly Tally[] = Object.freeze([]);

/** `limits` of one entry of `tools.allowed`. */
export function compileLimits(
  { name, limits }: Pick<AllowedTool, "name" | "limits">,
  place: { readonly rule: string; readonly path: string },
  hints?: RowHints,
): readonly TallyRule[] {
  const { per_run: perRun, per_hour: perHour, per_day: perDay, rows_per_hour: rowsPerHour } = limits ?? {};
  const calls = (key: string, most: number | undefined, over: Window, words: string): TallyRule[] => {
    if (most === undefined) return [];
    const message = `\`${name}\` may be called ${times(most)} ${words}.`;
    const tally = frozen({
      key: `calls ${key} ${name}`,
      ...over,
      asks: 1,
      adds: 1,
      most,
      verdict: "deny",
      rule: `${place.rule}.limits.${key}`,
      reason: { code: `limit_${key}`, message, path: `${place.path}/limits/${key}` },
    });
    return [() => [tally]];
  };
  return [
    ...calls("per_run", perRun, { scope: "run", spanSeconds: null }, "in a run"),
    ...calls("per_hour", perHour, { scope: "agent", spanSeconds: HOUR_SECONDS }, "in an hour"),
    ...calls("per_day", perDay, { scope: "agent", spanSeconds: DAY_SECONDS }, "in a day"),
    ...(rowsPerHour === undefined ? [] : [rowLimit(name, rowsPerHour, { ...place, hints })]),
  ];
}

type Window = { readonly scope: TallyScope; readonly spanSeconds: number | null };

function rowLimit(
  name: string,
  most: number,
  { rule, path, hints }: { readonly rule: string; readonly path: string; readonly hints: RowHints | undefined },
): TallyRule {
  const base = {
    key: `rows ${name}`,
    scope: "agent",
    spanSeconds: HOUR_SECONDS,
    verdict: "deny",
    rule: `${rule}.limits.rows_per_hour`,
  } as const;
  const at = `${path}/limits/rows_per_hour`;
  const over = { code: "limit_rows_per_hour", message: `\`${name}\` may touch ${most} rows in an hour.`, path: at };
  const message = `\`${name}\` may touch ${most} rows in an hour, and the call does not show how many it would.`;
  const unknown = frozen({ ...base, asks: 0, adds: 0, most: -1, reason: { code: "rows_unknown", message, path: at } });
  return (call) => {
    const rows = rowsOf(call.effect, call.args, hints);
    return rows === null ? [unknown] : [frozen({ ...base, asks: rows, adds: rows, most, reason: over })];
  };
}

/** Every part of a sequence that speaks about this tool. */
export function compileSequences(tool: string, placed: readonly PlacedSequence[]): readonly TallyRule[] {
  return placed.flatMap((one) =>
    "count" in one.sequence ? countRule(tool, one, one.sequence) : orderRules(tool, one, one.sequence),
  );
}

type CountSequence = Extract<Sequence, { count: unknown }>;
type OrderSequence = Extract<Sequence, { after: unknown }>;

function countRule(
  tool: string,
  { rule, path }: PlacedSequence,
  { name, count, within, decide }: CountSequence,
): TallyRule[] {
  if (count.tool !== tool) return [];
  const message = `More than ${times(count.over)} ${withinWords(within)} of what \`${name}\` counts.`;
  const tally = frozen({
    key: `count ${rule.split("[")[0] ?? ""} ${name}`,
    ...windowOf(within),
    asks: 1,
    adds: 1,
    most: count.over,
    verdict: decide,
    rule,
    reason: { code: "sequence_count", message, path },
  });
  return [(call, reading) => (applies(count.where, call.args, reading) ? [tally] : NO_TALLIES)];
}

/**
 * The first step leaves a mark for whom it was about, and one for anybody; the second asks for the mark of the one it is
 * about. Whichever side does not say whom it is about meets every other.
 */
function orderRules(tool: string, { rule, path }: PlacedSequence, sequence: OrderSequence): TallyRule[] {
  const { name, after, then, bind, within, decide } = sequence;
  const key = `after ${rule.split("[")[0] ?? ""} ${name}`;
  const base = { ...windowOf(within), verdict: decide, rule } as const;
  const reason: Reason = Object.freeze({
    code: "sequence",
    message: `\`${then.tool}\` after \`${after.tool}\` ${withinWords(within)}: \`${name}\` ${decide === "deny" ? "forbids it" : "wants a person to approve it"}.`,
    path,
  });
  const rules: TallyRule[] = [];
  if (then.tool === tool) {
    rules.push(({ args }, reading) => {
      if (!applies(then.where, args, reading)) return NO_TALLIES;
      const subject = bind === undefined ? null : subjectOf(args, bind.then);
      const asked = subject === null ? [`${key} any`] : [`${key} ${subject}`, `${key} unnamed`];
      return asked.map((one) => frozen({ ...base, key: one, asks: 0, adds: 0, most: 0, reason }));
    });
  }
  if (after.tool === tool) {
    rules.push(({ args }, reading) => {
      if (!applies(after.where, args, reading)) return NO_TALLIES;
      const subject = bind === undefined ? null : subjectOf(args, bind.after);
      const left =
        bind === undefined ? [`${key} any`] : [`${key} any`, subject === null ? `${key} unnamed` : `${key} ${subject}`];
      return left.map((one) => frozen({ ...base, key: one, asks: 0, adds: 1, most: null, reason }));
    });
  }
  return rules;
}

/** A restriction applies unless its condition certainly fails. */
const applies = (where: Condition | undefined, args: JsonObject, reading: CallReading) =>
  where === undefined || possibly(where, args, reading);

const MAX_SUBJECT = 200;

/**
 * Whom a call is about, as text that look-alikes share: to a tool "7" is 7, and "c-1 " may be "C-1". Null when it does not
 * say, names several, or at a length nobody names.
 */
function subjectOf(args: JsonObject, argument: string): string | null {
  const value = argumentAt(args, argument);
  if (typeof value !== "string" && typeof value !== "number") return null;
  const subject = skeletonOf(String(value));
  if (subject === "") return null;
  const text = `=${canonicalJson(subject)}`;
  return text.length <= MAX_SUBJECT ? text : null;
}

function windowOf(within: string): Window {
  if (within === "run" || within === "session") return { scope: within, spanSeconds: null };
  return { scope: "agent", spanSeconds: Number(within.slice(0, -1)) * (UNIT_SECONDS[within.slice(-1)] ?? DAY_SECONDS) };
}

const withinWords = (within: string) =>
  within === "run" || within === "session" ? `in one ${within}` : `within ${within}`;
const times = (count: number) => `${count} ${count === 1 ? "time" : "times"}`;

function frozen(tally: Tally): Tally {
  Object.freeze(tally.reason);
  return Object.freeze(tally);
}

/** All of a call's tallies, each key once: of two about the same count, the smaller limit. */
export function talliesOf(rules: readonly TallyRule[], call: Call, reading: CallReading): readonly Tally[] {
  if (rules.length === 0) return NO_TALLIES;
  const byKey = new Map<string, Tally>();
  for (const rule of rules) {
    for (const tally of rule(call, reading)) {
      const known = byKey.get(tally.key);
      byKey.set(tally.key, known === undefined ? tally : stricter(known, tally));
    }
  }
  return [...byKey.values()];
}

/** Both are about one count: the first step of a sequence that is its own second both asks and leaves its mark. */
function stricter(one: Tally, other: Tally): Tally {
  const most = one.most === null ? other.most : other.most === null ? one.most : Math.min(one.most, other.most);
  const settling = other.most !== null && (one.most === null || other.most < one.most) ? other : one;
  return frozen({ ...settling, asks: Math.max(one.asks, other.asks), adds: Math.max(one.adds, other.adds), most });
}
