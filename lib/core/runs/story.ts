import type { Band, Verdict } from "@/lib/core/decisions/schema";
import type { EventKind } from "@/lib/core/traces/event";

import type { ContextUse, OutcomeName } from "./schema";

/** A person's vote on a request of the run. */
export type StoryVote = { readonly name: string; readonly verdict: string; readonly note: string };

/** What a row tells, by its kind. */
export type StoryTold =
  | { readonly kind: "agent"; readonly what: EventKind; readonly name: string }
  | { readonly kind: "context"; readonly sources: readonly ContextUse[] }
  | {
      readonly kind: "model";
      readonly model: string | null;
      readonly input: number | null;
      readonly output: number | null;
      /** Share of the input that was read from a cache, 0 to 1; null where it is not said. */
      readonly cached: number | null;
    }
  | { readonly kind: "retrieval"; readonly index: string | null; readonly documents: readonly string[] }
  | {
      readonly kind: "decision";
      readonly decision: string;
      readonly step: number;
      readonly tool: string;
      readonly args: string;
      readonly verdict: Verdict;
      /** The place in the manifest or guardrail that settled it. */
      readonly rule: string | null;
      readonly reason: string | null;
      readonly band: Band;
      readonly score: number;
      /** Whether a span shows that the call ran. */
      readonly ran: boolean;
      /** The row of a span that ran with other arguments than this decision allowed. */
      readonly ranOtherwise: string | null;
    }
  | {
      readonly kind: "review";
      readonly approval: string;
      readonly state: string;
      readonly votes: readonly StoryVote[];
    }
  | {
      readonly kind: "outcome";
      readonly decision: string;
      readonly tool: string;
      readonly outcome: OutcomeName;
      readonly claimed: string;
      /** How what was done differs from what was allowed, in sentences. */
      readonly differs: readonly string[];
    }
  | { readonly kind: "unreported"; readonly decision: string; readonly tool: string }
  /**
   * A tool that ran: `ungoverned` when it was looked for and no decision was found. `differsFrom` is then the decision
   * that allowed it with other arguments, if there is one.
   */
  | {
      readonly kind: "tool";
      readonly tool: string;
      readonly args: string;
      readonly governed: "ungoverned" | "unknown";
      readonly differsFrom: string | null;
    }
  /** What an end user is said to think: the word of whoever holds the key. */
  | {
      readonly kind: "feedback";
      readonly agent: string;
      readonly keyHint: string | null;
      readonly about: "run" | "trace" | "event";
      readonly user: string | null;
      /** From -1, bad, to 1, good. */
      readonly rating: number | null;
      readonly label: string | null;
      readonly comment: string | null;
      readonly correction: string | null;
    }
  | { readonly kind: "gap"; readonly parent: string; readonly events: number }
  | { readonly kind: "end"; readonly reason: string };

export type StoryKind = StoryTold["kind"];

/** One row of a run's timeline. */
export type StoryRow = {
  /** Unique in its run, and what a link names: a decision's id, or `span-` with trace and span. */
  readonly id: string;
  /** ISO 8601 with milliseconds. */
  readonly at: string;
  readonly endAt: string | null;
  /** How deep it hangs below what caused it; 0 is the run itself. */
  readonly depth: number;
  /** US dollars as decimal text; null where nothing is known, which is not 0. */
  readonly costUsd: string | null;
  readonly error: { readonly type: string; readonly message: string | null } | null;
  /** Whether somebody should look at it: an error, a refusal, a halt, a gap, bad feedback, or a call that nobody decided. */
  readonly fault: boolean;
  readonly told: StoryTold;
};

/** What a run comes to, over all of its rows. */
export type StoryFigures = {
  readonly decisions: number;
  readonly allowed: number;
  readonly asked: number;
  readonly refused: number;
  readonly toolCalls: number;
  readonly ungoverned: number;
  readonly unreported: number;
  readonly modelCalls: number;
  readonly input: number;
  readonly output: number;
  /** US dollars of model calls with a known cost, and how many calls with usage have none. */
  readonly costUsd: string;
  readonly unpriced: number;
  readonly waitedMs: number;
  readonly errors: number;
  readonly gaps: number;
};

/** Where a page of the timeline begins, and what it is narrowed to. */
export type StoryQuery = { readonly from: number; readonly find: string; readonly only: "faults" | null };

/** The rows that a query leaves, those of one page of it, and the first row with a fault after the page. */
export type StoryPage = {
  readonly rows: readonly StoryRow[];
  readonly matching: number;
  readonly all: number;
  readonly nextFault: { readonly index: number; readonly id: string } | null;
  /** From the first row to the last moment of any, so that bars of all pages have one scale; null without rows. */
  readonly range: { readonly from: string; readonly to: string } | null;
};

export const STORY_ROWS = 500;

/** One page of a story. `find` matches names, tools, arguments, models, documents and errors, whatever their case. */
export function pageOfStory(rows: readonly StoryRow[], { from, find, only }: StoryQuery): StoryPage {
  const wanted = find.trim().toLowerCase();
  const left = rows.filter(
    (row) => (only !== "faults" || row.fault) && (wanted === "" || searchText(row).includes(wanted)),
  );
  const shown = left.slice(from, from + STORY_ROWS);
  const next = left.findIndex((row, index) => index >= from + STORY_ROWS && row.fault);
  const fault = next === -1 ? undefined : left[next];
  return {
    rows: shown,
    matching: left.length,
    all: rows.length,
    nextFault: fault === undefined ? null : { index: next, id: fault.id },
    range: rangeOf(rows),
  };
}

function rangeOf(rows: readonly StoryRow[]): StoryPage["range"] {
  const [first] = rows;
  if (first === undefined) return null;
  const range = { from: first.at, to: first.at };
  for (const { at, endAt } of rows) {
    if (at < range.from) range.from = at;
    if ((endAt ?? at) > range.to) range.to = endAt ?? at;
  }
  return range;
}

function searchText({ id, told, error }: StoryRow): string {
  const words = Object.values(told).map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
  return [id, error?.type ?? "", error?.message ?? "", ...words].join("\n").toLowerCase();
}
