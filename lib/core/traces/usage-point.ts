import type { Json } from "@/lib/core/shared/json";

import type { Dialect, EventDimensions, EventFlag } from "./event";

/** What a metric counts. */
export type UsageMeasure = "tokens" | "cost_usd" | "seconds" | "count";

export type TokenType = "input" | "output" | "cache_read" | "cache_write" | "reasoning";

/**
 * One number of a metric that an agent keeps of its own usage. It is no event: it counts what events tell of one by
 * one, so the two are shown beside each other and never added.
 */
export type UsagePoint = {
  /** 32 hex digits of series, start and time: the same point sent twice has the same id. */
  readonly pointId: string;
  /** 32 hex digits of the metric, its attributes and who sent it. A cumulative value is compared within its series. */
  readonly seriesId: string;
  readonly metric: string;
  readonly unit: string;
  readonly measure: UsageMeasure;
  readonly tokenType: TokenType | null;
  /** Whether input tokens include cached ones: OTel's do, Claude Code's do not. */
  readonly inputIncludesCache: boolean;
  /** `delta` is what came since `startNs`, `cumulative` all since then, `gauge` what is now. */
  readonly temporality: "delta" | "cumulative" | "gauge";
  readonly monotonic: boolean;
  readonly startNs: string;
  readonly timeNs: string;
  /** As decimal text. Of a histogram, the sum. */
  readonly value: string;
  /** Of a histogram, how many values the sum is of; null otherwise. */
  readonly count: string | null;
  readonly dialect: Dialect;
  readonly producer: string | null;
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly agentVersion: string | null;
  readonly sessionId: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly dimensions: EventDimensions;
  readonly unread: Readonly<Record<string, Json>>;
  readonly flags: readonly EventFlag[];
};
