/** What is watched of each agent. */
export const SIGNALS = [
  "retries",
  "tool_errors",
  "tokens",
  "latency",
  "requests",
  "denials",
  "cost",
  "waits",
  "ungoverned",
  "silence",
  "burn",
  "objective",
] as const;
export type Signal = (typeof SIGNALS)[number];

/** How a signal's value is made of the counts of hours. */
export type Shape = "share" | "mean" | "p95" | "count";

/** What a value is measured in. */
export type Unit = "share" | "tokens" | "picos" | "ms" | "seconds" | "count" | "rate";

type SignalFacts = {
  readonly name: string;
  /** What its value is of, as it stands under its name. */
  readonly of: string;
  /** What its n counts. */
  readonly counts: string;
  readonly unit: Unit;
  readonly shape: Shape | null;
};

/** Each signal in words, with how its value is made. Silence, burn and objectives are judged in their own ways. */
export const SIGNAL_FACTS: Readonly<Record<Signal, SignalFacts>> = {
  retries: {
    name: "Retries",
    of: "of tool calls that were a repeat",
    counts: "tool calls",
    unit: "share",
    shape: "share",
  },
  tool_errors: {
    name: "Tool errors",
    of: "of tool calls that failed",
    counts: "tool calls",
    unit: "share",
    shape: "share",
  },
  tokens: { name: "Tokens", of: "a run, mean", counts: "runs", unit: "tokens", shape: "mean" },
  latency: { name: "Latency", of: "of a model or tool call, p95", counts: "calls", unit: "ms", shape: "p95" },
  requests: { name: "Requests", of: "decisions an hour", counts: "decisions", unit: "count", shape: "count" },
  denials: {
    name: "Denials",
    of: "of decisions that denied or halted",
    counts: "decisions",
    unit: "share",
    shape: "share",
  },
  cost: { name: "Cost per run", of: "a run, mean", counts: "runs", unit: "picos", shape: "mean" },
  waits: { name: "Waits for people", of: "until an answer, p95", counts: "answers", unit: "seconds", shape: "p95" },
  ungoverned: {
    name: "Ungoverned calls",
    of: "of executed tool calls without a decision",
    counts: "tool calls",
    unit: "share",
    shape: "share",
  },
  silence: { name: "Silence", of: "events of the last hours", counts: "events", unit: "count", shape: null },
  burn: { name: "Burn rate", of: "of the daily cap", counts: "budgets", unit: "rate", shape: null },
  objective: { name: "Objectives", of: "of an error budget", counts: "runs or decisions", unit: "rate", shape: null },
};
