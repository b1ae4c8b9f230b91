import { countValue } from "@/lib/core/shared/log-histogram";

import {
  type EventCounts,
  type FeedCounts,
  type HourCounts,
  type HourKey,
  type KeptEvent,
  type KeyCounts,
  noCounts,
  noTrace,
  type TraceCounts,
} from "./event-counts";
import type { StoredEvent } from "./stored-event";

/*
 * What newly written events add to each hour, trace and feed. The store adds it in the transaction that wrote them, so
 * that every count is of what is there. Times are microseconds since 1970.
 */

const HOUR = 3_600_000_000n;
const NS_PER_MICRO = 1_000n;
const PICOS_PER_MICRO = 1_000_000;
const NS_PER_MS = 1_000_000;
/** What an index takes beside the name of the producer. */
const LONGEST_KEY = 200;

/** When an event began and ended, in microseconds since 1970. */
export function timesOf({ event }: StoredEvent): { readonly started: bigint; readonly ended: bigint | null } {
  return {
    started: BigInt(event.startNs) / NS_PER_MICRO,
    ended: event.endNs === null ? null : BigInt(event.endNs) / NS_PER_MICRO,
  };
}

/** Counts events that were just written. */
export function countEvents(kept: readonly KeptEvent[]): EventCounts {
  const hours = new Map<string, { key: HourKey; counts: HourCounts }>();
  const traces = new Map<string, TraceCounts>();
  const feeds = new Map<string, FeedCounts>();
  const keys = new Map<string, KeyCounts>();
  for (const { stored, keptAt } of kept) {
    const { started, ended } = timesOf(stored);
    const received = BigInt(Date.parse(stored.receivedAt)) * 1_000n;
    countHour(hours, stored, started);
    countTrace(traces, stored, { started, ended: ended ?? started, closed: ended !== null, keptAt, received });
    countFeed(feeds, stored, started, received);
    countKeys(keys, stored, received);
  }
  return { hours, traces, feeds, keys };
}

function countHour(
  hours: Map<string, { key: HourKey; counts: HourCounts }>,
  stored: StoredEvent,
  started: bigint,
): void {
  const { event, agentId, inWindow } = stored;
  const key = {
    hour: (started / HOUR) * HOUR,
    agentId,
    agentVersion: event.agentVersion ?? "",
    kind: event.kind,
    provider: event.provider ?? "",
    model: event.model ?? event.modelRequested ?? "",
    tool: event.tool?.name ?? "",
    inWindow,
  };
  const name = [
    key.hour,
    agentId,
    key.agentVersion,
    key.kind,
    key.provider,
    key.model,
    key.tool,
    inWindow ? "1" : "0",
  ].join("\0");
  let found = hours.get(name);
  if (!found) hours.set(name, (found = { key, counts: noCounts() }));
  const { counts } = found;
  counts.events += 1;
  if (event.error !== null) counts.errors += 1;
  if (event.outcome === "success") counts.successes += 1;
  if (event.outcome === "retry") counts.retries += 1;
  if (event.outcome === "failed_validation") counts.failedValidations += 1;
  if (event.outcome === "human_review_required") counts.humanReviews += 1;
  const latency = latencyMs(stored);
  if (latency !== null) countValue(counts.latencies, latency);
  if (event.usageRole === "leaf") countUsage(counts, stored);
}

function countUsage(counts: HourCounts, { event: { tokens }, cost }: StoredEvent): void {
  const input = tokens?.input ?? 0;
  const output = tokens?.output ?? 0;
  counts.tokensInput += input;
  counts.tokensOutput += output;
  counts.tokensCacheRead += tokens?.cacheRead ?? 0;
  counts.tokensCacheWrite += tokens?.cacheWrite ?? 0;
  counts.tokensReasoning += tokens?.reasoning ?? 0;
  if (cost.status === "unpriced") {
    counts.unpriced += 1;
    counts.unpricedTokens += input + output;
  } else if (cost.picos !== null) {
    counts.priced += 1;
    counts.pricedTokens += input + output;
    counts.costPicos += BigInt(cost.picos);
    countValue(counts.costs, Number(cost.picos) / PICOS_PER_MICRO);
  }
}

function latencyMs({ event: { startNs, endNs } }: StoredEvent): number | null {
  if (endNs === null) return null;
  const ms = Number(BigInt(endNs) - BigInt(startNs)) / NS_PER_MS;
  return ms >= 0 ? ms : null;
}

type Times = {
  readonly started: bigint;
  readonly ended: bigint;
  readonly closed: boolean;
  readonly keptAt: bigint;
  readonly received: bigint;
};

function countTrace(traces: Map<string, TraceCounts>, stored: StoredEvent, times: Times): void {
  const { event, agentId, cost } = stored;
  let trace = traces.get(event.traceId);
  if (!trace) traces.set(event.traceId, (trace = noTrace(agentId, times)));
  const isRoot = event.parentEventId === null;
  trace.run ??= event.runId;
  trace.session ??= event.sessionId;
  if (isRoot) trace.name ??= event.name;
  trace.firstAt = least(trace.firstAt, times.started);
  trace.lastAt = most(trace.lastAt, times.ended);
  trace.keptFrom = least(trace.keptFrom, times.keptAt);
  trace.keptTo = most(trace.keptTo, times.keptAt);
  trace.receivedAt = most(trace.receivedAt, times.received);
  trace.events += 1;
  if (event.error !== null) trace.errors += 1;
  if (event.kind === "tool") trace.toolCalls += 1;
  // A line of a log is a root of its own and says nothing about the end of a run. Nor does another agent's root, or one
  // whose time cannot be believed.
  const isOwnRoot = isRoot && event.source === "otlp" && agentId === trace.agentId && stored.inWindow;
  if (isOwnRoot && times.closed) trace.rootEndedAt = most(trace.rootEndedAt ?? 0n, times.ended);
  if (event.usageRole !== "leaf") return;
  if (event.kind === "llm") trace.modelCalls += 1;
  trace.tokensInput += event.tokens?.input ?? 0;
  trace.tokensOutput += event.tokens?.output ?? 0;
  if (cost.status === "unpriced") trace.unpriced += 1;
  else if (cost.picos !== null) trace.costPicos += BigInt(cost.picos);
}

function countFeed(feeds: Map<string, FeedCounts>, stored: StoredEvent, started: bigint, received: bigint): void {
  const { event, agentId, credentialId, inWindow, claimsOther } = stored;
  const producer = event.producer ?? "";
  // A clock that is wrong must not make a silent agent look busy until it is right.
  const seen = inWindow ? started : received;
  const name = [agentId, credentialId, producer].join("\0");
  let feed = feeds.get(name);
  if (!feed) {
    feed = {
      agentId,
      credentialId,
      producer,
      dialect: event.dialect,
      receivedAt: received,
      lastEventAt: seen,
      events: 0,
      outOfWindow: 0,
      claimsOther: 0,
    };
    feeds.set(name, feed);
  }
  feed.dialect = event.dialect;
  feed.receivedAt = most(feed.receivedAt, received);
  feed.lastEventAt = most(feed.lastEventAt, seen);
  feed.events += 1;
  if (!inWindow) feed.outOfWindow += 1;
  if (claimsOther) feed.claimsOther += 1;
}

function countKeys(keys: Map<string, KeyCounts>, { event, agentId }: StoredEvent, received: bigint): void {
  const producer = event.producer ?? "";
  for (const whole of Object.keys(event.unread)) {
    const key = whole.slice(0, LONGEST_KEY);
    const name = [agentId, producer, key].join("\0");
    let counts = keys.get(name);
    if (!counts) keys.set(name, (counts = { agentId, producer, key, events: 0, receivedAt: received }));
    counts.events += 1;
    counts.receivedAt = most(counts.receivedAt, received);
  }
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const most = (a: bigint, b: bigint) => (a > b ? a : b);
