import { z } from "zod";

import { SPEND_DIMENSIONS, type SpendDimension } from "./measures";
import { type Range, RangeQuery } from "./range";

/** A name as events have it; Postgres has no text with U+0000. */
const Narrowed = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/);

/** What the page of spend is asked with. A value that cannot be read counts as not given. */
export const SpendQuery = RangeQuery.extend({
  by: z.enum(SPEND_DIMENSIONS).catch("agent"),
  /** Narrow everything: handles of agents and names as events have them. */
  agent: Narrowed.optional().catch(undefined),
  model: Narrowed.optional().catch(undefined),
  provider: Narrowed.optional().catch(undefined),
  tool: Narrowed.optional().catch(undefined),
});
export type SpendQuery = z.infer<typeof SpendQuery>;

/** The range of today, against the same weekday a week ago until the same time. */
export const TODAY = { from: "now-1d", to: "now", cmp: "weekdays" } as const;

/** Money in trillionths of a US dollar, as decimal text; only differences can be negative. */
export type Picos = string;
/** A whole number as decimal text. */
export type Count = string;

/**
 * Sums over a period. A run is a trace, counted when it began, and succeeded when its reported outcome says so or, where
 * none was reported, its root event does. Runs are null where the split or filter is not by agent or owner, because a
 * run uses several models and tools.
 */
export type SpendFigures = {
  readonly costPicos: Picos;
  readonly events: Count;
  readonly errors: Count;
  readonly modelCalls: Count;
  readonly toolCalls: Count;
  readonly tokensInput: Count;
  readonly tokensOutput: Count;
  readonly tokensCacheRead: Count;
  readonly retries: Count;
  readonly failedValidations: Count;
  readonly wastedPicos: Picos;
  readonly runs: Count | null;
  readonly succeeded: Count | null;
};

/** `before` is null where the range is compared with nothing. */
export type Compared<T> = { readonly now: T; readonly before: T | null };

/** One line of a chart: the cost in each bucket of the range, and in those of the compared period. */
export type SpendSeries = {
  /** The agent's id; empty for the others together. */
  readonly key: string;
  readonly label: string;
  readonly isOthers: boolean;
  readonly costs: readonly Picos[];
  readonly costsBefore: readonly Picos[] | null;
  readonly totalPicos: Picos;
  readonly totalPicosBefore: Picos | null;
};

/** Cost over successes, with the 95 % interval that the success rate gives; `n` is the runs it rests on. */
export type CostPerSuccess = {
  readonly picos: Picos;
  readonly lowPicos: Picos;
  readonly highPicos: Picos;
  readonly n: Count;
};

export type SpendRow = Compared<SpendFigures> & {
  /** The value of the dimension: an agent's or owner's id, or the text; empty for "none", the others and all. */
  readonly key: string;
  readonly label: string;
  /** Who answers for the agent; null in other splits. */
  readonly owner: string | null;
  /** The handle to filter runs by, where the row is one agent's. */
  readonly agent: string | null;
  /** Null without a successful run, and where runs are not known. */
  readonly costPerSuccess: CostPerSuccess | null;
  /** Wasted cost over cost, 0 to 1; null without cost. */
  readonly wasteShare: number | null;
  /** Cost by bucket of the range, and of the compared period. */
  readonly costs: readonly Picos[];
  readonly costsBefore: readonly Picos[] | null;
};

/** The rows that cost most, the others together, and all. */
export type SpendTable = {
  readonly by: SpendDimension;
  readonly rows: readonly SpendRow[];
  /** How many values the row of the others stands for; null without others. */
  readonly others: (SpendRow & { readonly values: number }) | null;
  readonly all: SpendRow;
  /**
   * Whether rows add up to `all`. An event has several tags or none, so that tags do not; in every other split, what has
   * no value is the row with an empty key.
   */
  readonly addsUp: boolean;
};

/** What was spent for nothing. An event is in one of them: tried again, else failed validation, else an error. */
export type Waste = Compared<Picos> & {
  readonly kind: "retries" | "failed_validations" | "errors";
  /** How many events it is of. */
  readonly events: Count;
};

/** What has no price: it is in no sum of money. */
export type Unpriced = {
  readonly events: Count;
  readonly tokens: Count;
  /** Of so many events with usage, and of so many tokens. */
  readonly ofEvents: Count;
  readonly ofTokens: Count;
};

/** What senders say against what our prices make of the same events. What senders say counts. */
export type GivenCosts = {
  readonly events: Count;
  readonly givenPicos: Picos;
  readonly computedPicos: Picos;
  /** What senders say more than our prices. */
  readonly differencePicos: Picos;
};

/** Why two periods cost different amounts, in the order in which the terms are taken. */
export const CHANGE_TERMS = ["volume", "steps", "mix", "tokens", "cache", "price", "retries"] as const;
export type ChangeTerm = (typeof CHANGE_TERMS)[number];

/** The terms add up to exactly `differencePicos`. */
export type SpendChange = {
  readonly beforePicos: Picos;
  readonly nowPicos: Picos;
  readonly differencePicos: Picos;
  readonly terms: readonly {
    readonly term: ChangeTerm;
    readonly picos: Picos;
    /** The figure behind the term before and now, such as runs, or calls a run; null where there is no single one. */
    readonly before: number | null;
    readonly now: number | null;
    /** The agent that moved the term most, and how much of it; null where nobody did. */
    readonly most: { readonly agent: string; readonly handle: string; readonly picos: Picos } | null;
  }[];
};

/** One of the runs of the range that cost most. A run began in the range; the filter by agent narrows them, others do not. */
export type TopRun = {
  readonly traceId: string;
  readonly agent: string;
  /** Its page: the id of the run of decisions it belongs to; null where there is none, then the trace is looked up. */
  readonly runId: string | null;
  readonly name: string | null;
  readonly startedAt: Date;
  readonly events: Count;
  readonly costPicos: Picos;
};

export type Annotation = {
  readonly at: Date;
  readonly kind: "manifest" | "level" | "price" | "incident" | "stop";
  /** The agent it is about; null for the workspace. */
  readonly agent: string | null;
  /** One sentence, such as "support-triage-v2: manifest 18 published". */
  readonly text: string;
  readonly href: string;
};

/** What a day or month comes to by its end. */
export type SpendForecast = {
  readonly spentPicos: Picos;
  readonly expectedPicos: Picos;
  /** Nine of ten days end above the low and nine of ten below the high; null for a linear forecast. */
  readonly lowPicos: Picos | null;
  readonly highPicos: Picos | null;
  /** `profile` goes by the same hours of earlier weekdays; `linear` by the rate so far, where there are under 14 days. */
  readonly method: "profile" | "linear";
  readonly endsAt: Date;
};

export type SpendNow = {
  readonly day: SpendForecast;
  readonly month: SpendForecast;
  /** Spent in the last hour. */
  readonly hourPicos: Picos;
};

/** Everything below the heading of the page of spend, from one moment. */
export type SpendPage = {
  readonly range: Range;
  /** What of the question could not be answered as asked, in a sentence each. */
  readonly notices: readonly string[];
  readonly query: SpendQuery;
  readonly total: Compared<SpendFigures>;
  /** At most five agents and the others. */
  readonly series: readonly SpendSeries[];
  readonly table: SpendTable;
  readonly waste: readonly Waste[];
  readonly unpriced: Unpriced;
  readonly given: GivenCosts;
  /** Null where the range is compared with nothing. */
  readonly change: SpendChange | null;
  readonly topRuns: readonly TopRun[];
  readonly annotations: readonly Annotation[];
  /** Today and this month of the workspace in the zone of the range, whatever the range; filters do not narrow it. */
  readonly current: SpendNow;
  /** Left out of every figure above, because its time was too far from its arrival to be believed. */
  readonly outOfWindow: { readonly events: Count; readonly costPicos: Picos };
  /** When the first and the latest event were, whatever the range; null where there never was any. */
  readonly earliest: Date | null;
  readonly latest: Date | null;
};

/** When telemetry began, where that is within or after the period compared with, which is then not whole; else null. */
export function beganLate({ range, earliest }: Pick<SpendPage, "range" | "earliest">): Date | null {
  return range.compared !== null && earliest !== null && earliest > range.compared.from ? earliest : null;
}
