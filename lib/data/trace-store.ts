import "server-only";

import type { ValueDimension } from "@/lib/core/figures/count-spend";
import type { CallDimension, SpendMeasure } from "@/lib/core/figures/measures";
import type { SpendPart } from "@/lib/core/figures/parts";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";
import type { EventKind } from "@/lib/core/traces/event";
import type { StoredEvent } from "@/lib/core/traces/stored-event";

/** What became of events that were given to be written. Each of them is exactly one of these. */
export type Written = {
  /** The events that were not there before, in the order they were given. */
  readonly fresh: readonly StoredEvent[];
  /** How many were there already with the same content. */
  readonly duplicates: number;
  /** How many are there with other content: the first version counts, this one is kept beside it. */
  readonly conflicts: number;
};

/** A span of time by when events began: from the first moment up to, but without, the second. */
export type TimeRange = { readonly from: Date; readonly to: Date };

export type EventQuery = TimeRange & {
  readonly agentId?: AgentId;
  readonly kinds?: readonly EventKind[];
  readonly tool?: string;
  readonly run?: string;
  readonly errorsOnly?: boolean;
};

/** What figures can be split by. */
export const DIMENSIONS = ["hour", "day", "agent", "agent_version", "kind", "provider", "model", "tool"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What is counted. Sums are decimal text, because they outgrow what a number holds exactly. */
export const MEASURES = [
  "events",
  "errors",
  "successes",
  "retries",
  "failed_validations",
  "human_reviews",
  "tokens_input",
  "tokens_output",
  "tokens_cache_read",
  "tokens_cache_write",
  "tokens_reasoning",
  "cost_picos",
  "priced",
  "unpriced",
  "priced_tokens",
  "unpriced_tokens",
] as const;
export type Measure = (typeof MEASURES)[number];

/** Histograms by the buckets of `log-histogram.ts`: milliseconds, and millionths of a dollar. */
export type Histogram = "latencies" | "costs";

export type AggregateQuery = TimeRange & {
  readonly by: readonly Dimension[];
  readonly agentId?: AgentId;
  readonly kind?: EventKind;
  /** Whether what arrived with a time too far from its arrival is left out: everywhere but where it is looked for. */
  readonly inWindowOnly: boolean;
  readonly histograms?: readonly Histogram[];
};

export type AggregateRow = {
  /** The values of `by`, in its order; times in ISO 8601, and an empty text for "none". */
  readonly group: readonly string[];
  readonly measures: Readonly<Record<Measure, string>>;
  readonly histograms: Readonly<Partial<Record<Histogram, readonly number[]>>>;
};

/** A question about spend: the parts of the buckets to add up, what to split them by, and what to add. */
export type SpendQuestion = {
  readonly parts: readonly SpendPart[];
  readonly measures: readonly SpendMeasure[];
} & (
  | {
      readonly from: "calls";
      readonly by: readonly CallDimension[];
      /** The values that count, of each dimension that is narrowed. */
      readonly where: Readonly<Partial<Record<CallDimension, readonly string[]>>>;
    }
  | {
      readonly from: "values";
      readonly dimension: ValueDimension;
      /** `starts` is when a span starts, in microseconds since 1970. */
      readonly by: readonly ("agent" | "value" | "starts")[];
      readonly agents?: readonly AgentId[];
      /** The values that count; all of the dimension where it is left out. */
      readonly values?: readonly string[];
    }
);

/** Sums by bucket and group, whose values are in the order of `by`; a measure that was not asked for is 0. */
export type SpendRows = readonly {
  readonly bucket: number;
  readonly group: readonly string[];
  readonly sums: (measure: SpendMeasure) => bigint;
}[];

/**
 * Where events are kept. Nothing outside an adapter knows which database that is, and every adapter passes
 * `lib/testing/trace-store-suite.ts`. Every question names its workspace.
 */
export interface TraceStore {
  /**
   * Writes events and what they add to every count, all or nothing. An event is known by workspace, trace and event id,
   * whatever time it names: writing it again, in any order and from any process, changes nothing.
   */
  write(workspaceId: WorkspaceId, events: readonly StoredEvent[]): Promise<Written>;
  /** The events of a trace in the order they began. */
  trace(workspaceId: WorkspaceId, traceId: string): Promise<readonly StoredEvent[]>;
  /** Events in the order they began, read a page at a time. */
  events(workspaceId: WorkspaceId, query: EventQuery): AsyncIterable<StoredEvent>;
  aggregate(workspaceId: WorkspaceId, query: AggregateQuery): Promise<readonly AggregateRow[]>;
  /** Answers questions about spend from one moment, in their order. */
  spend(workspaceId: WorkspaceId, questions: readonly SpendQuestion[]): Promise<readonly SpendRows[]>;
  /** Deletes events that arrived before the moment, whatever time they name. @returns how many */
  dropBefore(workspaceId: WorkspaceId, before: Date): Promise<number>;
  /** Frees whole days at once that are older than the longest anybody keeps events. @returns how many days */
  dropDays(keptForDays: number): Promise<number>;
}
