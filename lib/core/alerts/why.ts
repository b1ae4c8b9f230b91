import { z } from "zod";

import { Measure } from "@/lib/core/objectives/schema";

import { judge, type Judgement, type Reading } from "./judge";
import type { Rule } from "./rules";
import { SIGNALS } from "./signals";

const Figure = z.object({ value: z.number(), part: z.number(), n: z.number() });
const History = z.object({ days: z.number() });
const Tally = z.object({ good: z.number(), total: z.number() });

const Reading = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("usual"),
    history: History,
    windows: z.array(z.object({ hours: z.number(), figure: Figure.nullable(), past: z.array(Figure) })),
  }),
  z.object({ kind: z.literal("creep"), history: History, week: Figure.nullable(), past: z.array(Figure) }),
  z.object({
    kind: z.literal("silence"),
    history: History,
    events: z.number(),
    past: z.array(Figure),
    lastEventAt: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("burn"),
    cap: z.number(),
    spent: z.number(),
    long: z.number().nullable(),
    short: z.number().nullable(),
  }),
  z.object({
    kind: z.literal("objective"),
    measure: Measure,
    targetBp: z.number(),
    days: z.number(),
    most: z.string().nullable(),
    long: Tally,
    short: Tally,
  }),
]);

const RuleText = z.object({
  id: z.string(),
  signal: z.enum(SIGNALS),
  kind: z.enum(["above_usual", "creeping", "silent", "burn", "objective"]),
  title: z.string(),
  on: z.boolean(),
  factor: z.number(),
  forMinutes: z.number(),
  leastExcess: z.number(),
  leastN: z.number(),
  windows: z.object({ longMs: z.number(), shortMs: z.number() }).optional(),
});

const Usual = z.object({ median: z.number(), low: z.number(), high: z.number(), n: z.number() });

const Judged = z.object({
  verdict: z.enum(["breach", "between", "clear", "unknown"]),
  unknown: z.enum(["learning", "too_few", "no_usual", "no_reading"]).nullable(),
  value: z.number().nullable(),
  n: z.number(),
  usual: Usual.nullable(),
  limit: z.number().nullable(),
  clearLimit: z.number().nullable(),
  hours: z.number().nullable(),
});

/** Everything an alert was judged by: the rule as it was, what was read, and what came of it. */
export const Why = z.object({
  at: z.string(),
  rule: RuleText,
  reading: Reading.nullable(),
  judged: Judged,
  /** The tool that most of it comes from, where the signal is about tools. */
  tool: z.string().nullable(),
});
export type Why = z.infer<typeof Why>;

/** What is kept of an evaluation, so that it can be judged again. */
export function whyOf(
  rule: Rule,
  { reading, judged, tool, at }: { reading: Reading | null; judged: Judgement; tool: string | null; at: Date },
): Why {
  return Why.parse({ at: at.toISOString(), rule, reading, judged, tool });
}

/** The rule as it was when the alert was judged, whether or not it still exists. */
export function ruleOf({ rule }: Why): Rule {
  const { windows, ...rest } = rule;
  return { ...rest, ...(windows && { windows }) };
}

/**
 * Judges an alert again from what was kept of it.
 *
 * @returns what comes of it now, and whether that is what was said then
 */
export function replay(why: Why): { readonly judged: Judgement; readonly same: boolean } {
  const judged = judge(ruleOf(why), why.reading);
  return { judged, same: JSON.stringify(Judged.parse(judged)) === JSON.stringify(why.judged) };
}
