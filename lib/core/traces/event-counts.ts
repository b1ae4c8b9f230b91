import type { AgentId, CredentialId } from "@/lib/core/shared/brand";

import type { StoredEvent } from "./stored-event";

/** An event and when it counts for keeping. */
export type KeptEvent = { readonly stored: StoredEvent; readonly keptAt: bigint };

export type HourKey = {
  readonly hour: bigint;
  readonly agentId: AgentId;
  readonly agentVersion: string;
  readonly kind: string;
  readonly provider: string;
  readonly model: string;
  readonly tool: string;
  readonly inWindow: boolean;
};

/** What is counted of an hour. Only a leaf's usage counts, because a rollup repeats what is below it. */
export type HourCounts = {
  events: number;
  errors: number;
  successes: number;
  retries: number;
  failedValidations: number;
  humanReviews: number;
  tokensInput: number;
  tokensOutput: number;
  tokensCacheRead: number;
  tokensCacheWrite: number;
  tokensReasoning: number;
  costPicos: bigint;
  priced: number;
  unpriced: number;
  pricedTokens: number;
  unpricedTokens: number;
  /** By bucket of milliseconds. */
  readonly latencies: number[];
  /** By bucket of millionths of a dollar. */
  readonly costs: number[];
};

export type TraceCounts = {
  readonly agentId: AgentId;
  run: string | null;
  session: string | null;
  name: string | null;
  firstAt: bigint;
  lastAt: bigint;
  keptFrom: bigint;
  keptTo: bigint;
  receivedAt: bigint;
  events: number;
  errors: number;
  modelCalls: number;
  toolCalls: number;
  tokensInput: number;
  tokensOutput: number;
  costPicos: bigint;
  unpriced: number;
  /** When its root ended; null while it has not been heard of or goes on. */
  rootEndedAt: bigint | null;
};

export type FeedCounts = {
  readonly agentId: AgentId;
  readonly credentialId: CredentialId;
  readonly producer: string;
  dialect: string;
  receivedAt: bigint;
  lastEventAt: bigint;
  events: number;
  outOfWindow: number;
  claimsOther: number;
};

export type KeyCounts = {
  readonly agentId: AgentId;
  readonly producer: string;
  readonly key: string;
  events: number;
  receivedAt: bigint;
};

export type EventCounts = {
  readonly hours: ReadonlyMap<string, { readonly key: HourKey; readonly counts: HourCounts }>;
  readonly traces: ReadonlyMap<string, TraceCounts>;
  readonly feeds: ReadonlyMap<string, FeedCounts>;
  readonly keys: ReadonlyMap<string, KeyCounts>;
};

/** An hour without events. */
export const noCounts = (): HourCounts => ({
  events: 0,
  errors: 0,
  successes: 0,
  retries: 0,
  failedValidations: 0,
  humanReviews: 0,
  tokensInput: 0,
  tokensOutput: 0,
  tokensCacheRead: 0,
  tokensCacheWrite: 0,
  tokensReasoning: 0,
  costPicos: 0n,
  priced: 0,
  unpriced: 0,
  pricedTokens: 0,
  unpricedTokens: 0,
  latencies: [],
  costs: [],
});

/** A trace of this agent without events, at these times. */
export const noTrace = (
  agentId: AgentId,
  { started, ended, keptAt, received }: { readonly [time in "started" | "ended" | "keptAt" | "received"]: bigint },
): TraceCounts => ({
  agentId,
  run: null,
  session: null,
  name: null,
  firstAt: started,
  lastAt: ended,
  keptFrom: keptAt,
  keptTo: keptAt,
  receivedAt: received,
  events: 0,
  errors: 0,
  modelCalls: 0,
  toolCalls: 0,
  tokensInput: 0,
  tokensOutput: 0,
  costPicos: 0n,
  unpriced: 0,
  rootEndedAt: null,
});
