import type { StoredEvent } from "@/lib/core/traces/stored-event";

/*
 * Spend counted once more, from the events themselves, one after the other and in floating local calendars of `Intl`.
 * Nothing here is shared with how the product counts.
 */

/** What a count of events comes to. */
export type Recount = {
  events: number;
  errors: number;
  retries: number;
  modelCalls: number;
  toolCalls: number;
  tokensInput: bigint;
  tokensOutput: bigint;
  tokensCacheRead: bigint;
  costPicos: bigint;
  wastedPicos: bigint;
  unpriced: number;
  unpricedTokens: bigint;
  givenPicos: bigint;
  computedPicos: bigint;
};

const blank = (): Recount => ({
  events: 0,
  errors: 0,
  retries: 0,
  modelCalls: 0,
  toolCalls: 0,
  tokensInput: 0n,
  tokensOutput: 0n,
  tokensCacheRead: 0n,
  costPicos: 0n,
  wastedPicos: 0n,
  unpriced: 0,
  unpricedTokens: 0n,
  givenPicos: 0n,
  computedPicos: 0n,
});

/** When an event began, in milliseconds since 1970. */
export const beganAt = ({ event }: StoredEvent): number => Number(BigInt(event.startNs) / 1_000_000n);

/** Counts the events that can be believed, each under every one of its keys. */
export function recountBy(
  events: readonly StoredEvent[],
  keysOf: (event: StoredEvent) => readonly string[],
): ReadonlyMap<string, Recount> {
  const counts = new Map<string, Recount>();
  for (const stored of events.filter(({ inWindow }) => inWindow)) {
    for (const key of keysOf(stored)) {
      const count = counts.get(key) ?? blank();
      counts.set(key, count);
      addEvent(count, stored);
    }
  }
  return counts;
}

function addEvent(count: Recount, { event, cost }: StoredEvent): void {
  count.events += 1;
  count.errors += event.error ? 1 : 0;
  count.retries += event.outcome === "retry" ? 1 : 0;
  count.toolCalls += event.kind === "tool" ? 1 : 0;
  if (event.usageRole !== "leaf") return;
  count.modelCalls += event.kind === "llm" ? 1 : 0;
  count.tokensInput += BigInt(event.tokens?.input ?? 0);
  count.tokensOutput += BigInt(event.tokens?.output ?? 0);
  count.tokensCacheRead += BigInt(event.tokens?.cacheRead ?? 0);
  if (cost.status === "unpriced") {
    count.unpriced += 1;
    count.unpricedTokens += BigInt((event.tokens?.input ?? 0) + (event.tokens?.output ?? 0));
    return;
  }
  if (cost.picos === null) return;
  count.costPicos += BigInt(cost.picos);
  const isWaste = event.outcome === "retry" || event.outcome === "failed_validation" || event.error !== null;
  if (isWaste) count.wastedPicos += BigInt(cost.picos);
  if (cost.status === "given" && cost.computedPicos !== null) {
    count.givenPicos += BigInt(cost.picos);
    count.computedPicos += BigInt(cost.computedPicos);
  }
}

/** The traces that began in a span, by agent: how many, and in how many the last root event is a success. */
export function recountRuns(
  events: readonly StoredEvent[],
  from: number,
  to: number,
): ReadonlyMap<string, { runs: number; succeeded: number }> {
  const traces = new Map<string, StoredEvent[]>();
  for (const stored of events.filter(({ inWindow }) => inWindow)) {
    const { traceId } = stored.event;
    traces.set(traceId, [...(traces.get(traceId) ?? []), stored]);
  }
  const found = new Map<string, { runs: number; succeeded: number }>();
  for (const trace of traces.values()) {
    const began = Math.min(...trace.map(beganAt));
    const agent = trace[0]?.agentId ?? "";
    if (began < from || began >= to) continue;
    const roots = trace.filter(({ event }) => event.parentEventId === null);
    const last = roots.sort((a, b) => (BigInt(a.event.startNs) < BigInt(b.event.startNs) ? -1 : 1)).at(-1);
    const count = found.get(agent) ?? { runs: 0, succeeded: 0 };
    found.set(agent, count);
    count.runs += 1;
    count.succeeded += last?.event.outcome === "success" ? 1 : 0;
  }
  return found;
}

/** The local day of a moment, such as 2026-10-25. */
export function localDay(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone });
  return (at) => format.format(at);
}
