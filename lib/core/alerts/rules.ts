import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";

import type { Signal } from "./signals";

/** How a rule judges its signal. */
export type RuleKind = "above_usual" | "creeping" | "silent" | "burn" | "objective";

/** Two windows that must both burn: a long one that matters and a short one that says it still does. */
export type BurnWindows = { readonly longMs: number; readonly shortMs: number };

/** A rule that watches one signal of each agent. */
export type Rule = {
  readonly id: string;
  readonly signal: Signal;
  readonly kind: RuleKind;
  readonly title: string;
  readonly on: boolean;
  /** What the value may be, in multiples of the usual; for burn, of the pace that lasts the whole day or window. */
  readonly factor: number;
  /** How long it must hold before anybody is told. */
  readonly forMinutes: number;
  /** What the value must exceed the usual by at least, in its own unit, so that twice nothing is not news. */
  readonly leastExcess: number;
  /** Of how many the value must be. */
  readonly leastN: number;
  readonly windows?: BurnWindows;
};

/** How long a value must be back inside before its alert resolves. */
export const CLEAR_MS = 30 * MINUTE_MS;
/** How long a signal must be missing before its open alert says so. */
export const LOST_MS = 30 * MINUTE_MS;
/** After how long without data an open alert resolves. */
export const GIVE_UP_MS = 3 * DAY_MS;
/** How often people are told again of what nobody has acknowledged. */
export const RENOTIFY_MS = 4 * HOUR_MS;
/** The history a baseline needs before it judges anything. */
export const LEAST_DAYS = 21;

const SHARE = { kind: "above_usual", on: true, factor: 2, forMinutes: 15, leastExcess: 0.02, leastN: 20 } as const;
const MEAN = { kind: "above_usual", on: true, factor: 2, forMinutes: 15, leastN: 20 } as const;
/** At least five bad ones, so that one bad run of a quiet agent with a high target tells nobody. */
const ERROR_BUDGET = {
  signal: "objective",
  kind: "objective",
  on: true,
  forMinutes: 0,
  leastExcess: 5,
  leastN: 20,
} as const;
const PICOS_PER_CENT = 10_000_000_000;

/** The rules every workspace begins with, all on. A workspace changes them by overrides. */
export const RULES: readonly Rule[] = [
  { ...SHARE, id: "retries.doubled", signal: "retries", title: "Retries doubled" },
  { ...SHARE, id: "tool_errors.doubled", signal: "tool_errors", title: "Tool errors doubled" },
  { ...MEAN, id: "tokens.doubled", signal: "tokens", title: "Tokens per run doubled", leastExcess: 500 },
  { ...MEAN, id: "latency.doubled", signal: "latency", title: "Latency doubled", leastExcess: 250, leastN: 100 },
  { ...MEAN, id: "requests.doubled", signal: "requests", title: "Requests doubled", leastExcess: 10, leastN: 100 },
  { ...SHARE, id: "denials.doubled", signal: "denials", title: "Denials doubled" },
  { ...MEAN, id: "cost.doubled", signal: "cost", title: "Cost per run doubled", leastExcess: PICOS_PER_CENT },
  {
    id: "cost.creeping",
    signal: "cost",
    kind: "creeping",
    title: "Cost per run keeps rising",
    on: true,
    factor: 1.3,
    forMinutes: 60,
    leastExcess: PICOS_PER_CENT / 10,
    leastN: 50,
  },
  { ...MEAN, id: "waits.doubled", signal: "waits", title: "Waits for people doubled", leastExcess: 60, leastN: 100 },
  { ...SHARE, id: "ungoverned.doubled", signal: "ungoverned", title: "Ungoverned calls doubled" },
  {
    id: "silence",
    signal: "silence",
    kind: "silent",
    title: "Agent is silent",
    on: true,
    factor: 1,
    forMinutes: 15,
    leastExcess: 0,
    leastN: 20,
  },
  {
    id: "burn.fast",
    signal: "burn",
    kind: "burn",
    title: "Daily cap burns six times too fast",
    on: true,
    factor: 6,
    forMinutes: 0,
    leastExcess: 0.05,
    leastN: 1,
    windows: { longMs: HOUR_MS, shortMs: 5 * MINUTE_MS },
  },
  {
    id: "burn.slow",
    signal: "burn",
    kind: "burn",
    title: "Daily cap will not last the day",
    on: true,
    factor: 2.4,
    forMinutes: 0,
    leastExcess: 0.25,
    leastN: 1,
    windows: { longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS },
  },
  // The pairs of the SRE Workbook, table 5-8, as far as counts of whole hours tell them apart: its fastest, of an hour and
  // five minutes, would need more runs in five minutes than most agents make.
  {
    ...ERROR_BUDGET,
    id: "objective.fast",
    title: "Error budget burns six times too fast",
    factor: 6,
    windows: { longMs: 6 * HOUR_MS, shortMs: HOUR_MS },
  },
  {
    ...ERROR_BUDGET,
    id: "objective.slow",
    title: "Error budget burns three times too fast",
    factor: 3,
    windows: { longMs: DAY_MS, shortMs: 2 * HOUR_MS },
  },
  {
    ...ERROR_BUDGET,
    id: "objective.leak",
    title: "Error budget will not last",
    factor: 1,
    windows: { longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS },
  },
];

/** What a workspace changes of a rule, for every agent or for one. Null leaves the rule's own. */
export type RuleOverride = {
  readonly rule: string;
  /** Null for every agent. */
  readonly agentId: string | null;
  readonly on: boolean | null;
  readonly factor: number | null;
  readonly forMinutes: number | null;
};

/** The rule as it holds for an agent: its own override first, then the workspace's, then what is built in. */
export function ruleFor(rule: Rule, overrides: readonly RuleOverride[], agentId: string | null): Rule {
  const mine = overrides.filter((one) => one.rule === rule.id);
  const wide = mine.find((one) => one.agentId === null);
  const own = agentId === null ? undefined : mine.find((one) => one.agentId === agentId);
  return {
    ...rule,
    on: own?.on ?? wide?.on ?? rule.on,
    factor: own?.factor ?? wide?.factor ?? rule.factor,
    forMinutes: own?.forMinutes ?? wide?.forMinutes ?? rule.forMinutes,
  };
}

/** Between a rule's id and what it watches, where it watches several things of one agent. */
const OF = "/";

/** The rule as it watches one thing of several. */
export const watching = (rule: Rule, subject: string): Rule => ({ ...rule, id: `${rule.id}${OF}${subject}` });

/** The built-in rule of this id, whatever it watches; null when there is none. */
export const findRule = (id: string): Rule | null => RULES.find((rule) => rule.id === id.split(OF)[0]) ?? null;
