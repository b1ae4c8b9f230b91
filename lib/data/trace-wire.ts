import "server-only";

import type { EventCounts, HourCounts } from "@/lib/core/traces/event-counts";
import type { StoredEvent } from "@/lib/core/traces/stored-event";

import { columnsOf, functionCall } from "./wire";

/*
 * The statements of a write of events but the one that writes the rows (`event-rows.ts`). A test holds each against the
 * database.
 */

/** `events_open`: takes the lock and says which events are there. */
export const EVENTS_OPEN = functionCall("events_open", {
  p_workspace: "uuid",
  p_trace: "bytea[]",
  p_event: "bytea[]",
  p_digest: "bytea[]",
});

const CONFLICTS = {
  trace: "bytea",
  event: "bytea",
  digest: "bytea",
  agent: "uuid",
  credential: "uuid",
  received: "int8",
  content: "jsonb",
} as const;

/** `events_conflict`: keeps second versions, and says which of them are new. */
export const EVENTS_CONFLICT = functionCall("events_conflict", {
  p_workspace: "uuid",
  p_trace: "bytea[]",
  p_event: "bytea[]",
  p_digest: "bytea[]",
  p_agent: "uuid[]",
  p_credential: "uuid[]",
  p_received: "int8[]",
  p_content: "jsonb[]",
});

/** `events_count_hours`. */
export const COUNT_HOURS = functionCall("events_count_hours", {
  p_workspace: "uuid",
  p_hour: "int8[]",
  p_agent: "uuid[]",
  p_agent_version: "text[]",
  p_kind: "text[]",
  p_provider: "text[]",
  p_model: "text[]",
  p_tool: "text[]",
  p_in_window: "bool[]",
  p_events: "int8[]",
  p_errors: "int8[]",
  p_successes: "int8[]",
  p_retries: "int8[]",
  p_failed_validations: "int8[]",
  p_human_reviews: "int8[]",
  p_tokens_input: "text[]",
  p_tokens_output: "text[]",
  p_tokens_cache_read: "text[]",
  p_tokens_cache_write: "text[]",
  p_tokens_reasoning: "text[]",
  p_cost_picos: "text[]",
  p_priced: "int8[]",
  p_unpriced: "int8[]",
  p_priced_tokens: "text[]",
  p_unpriced_tokens: "text[]",
  p_latencies: "text[]",
  p_costs: "text[]",
});

/** `events_count_traces`. */
export const COUNT_TRACES = functionCall("events_count_traces", {
  p_workspace: "uuid",
  p_trace: "bytea[]",
  p_agent: "uuid[]",
  p_run: "text[]",
  p_session: "text[]",
  p_name: "text[]",
  p_first: "int8[]",
  p_last: "int8[]",
  p_kept_from: "int8[]",
  p_kept_to: "int8[]",
  p_received: "int8[]",
  p_events: "int8[]",
  p_errors: "int8[]",
  p_model_calls: "int8[]",
  p_tool_calls: "int8[]",
  p_tokens_input: "text[]",
  p_tokens_output: "text[]",
  p_cost_picos: "text[]",
  p_unpriced: "int8[]",
  p_root_ended: "int8[]",
});

/** `events_count_feeds`. */
export const COUNT_FEEDS = functionCall("events_count_feeds", {
  p_workspace: "uuid",
  p_agent: "uuid[]",
  p_credential: "uuid[]",
  p_producer: "text[]",
  p_dialect: "text[]",
  p_received: "int8[]",
  p_last_event: "int8[]",
  p_events: "int8[]",
  p_out_of_window: "int8[]",
  p_claims_other: "int8[]",
  p_key_agent: "uuid[]",
  p_key_producer: "text[]",
  p_key: "text[]",
  p_key_events: "int8[]",
  p_key_received: "int8[]",
});

/** What is asked of events before they are written. */
export function keysOf(events: readonly StoredEvent[]) {
  return {
    p_trace: events.map(({ event }) => Buffer.from(event.traceId, "hex")),
    p_event: events.map(({ event }) => Buffer.from(event.eventId, "hex")),
    p_digest: events.map(({ digest }) => Buffer.from(digest, "hex")),
  };
}

/** Second versions as parallel lists. */
export function conflictColumns(events: readonly StoredEvent[]) {
  const columns = columnsOf(CONFLICTS);
  for (const { event, digest, agentId, credentialId, receivedAt } of events) {
    columns.add({
      trace: Buffer.from(event.traceId, "hex"),
      event: Buffer.from(event.eventId, "hex"),
      digest: Buffer.from(digest, "hex"),
      agent: agentId,
      credential: credentialId,
      received: BigInt(Date.parse(receivedAt)) * 1_000n,
      content: JSON.stringify(event),
    });
  }
  return columns.lists;
}

// One order of keys in every process, so that two that add to the same rows never wait for each other in a circle.
const inOrder = <T>(map: ReadonlyMap<string, T>): (readonly [string, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

const literalOf = (counts: readonly number[]) => `{${counts.join(",")}}`;

/** What is added to hours as parallel lists. @param sign -1 to take away what was added before */
export function hourColumns({ hours }: EventCounts, sign: 1 | -1 = 1) {
  const rows = inOrder(hours).map(([, row]) => row);
  const keys = rows.map(({ key }) => key);
  const counts = rows.map((row) => (sign === 1 ? row.counts : negated(row.counts)));
  return {
    p_hour: keys.map(({ hour }) => hour),
    p_agent: keys.map(({ agentId }) => agentId),
    p_agent_version: keys.map(({ agentVersion }) => agentVersion),
    p_kind: keys.map(({ kind }) => kind),
    p_provider: keys.map(({ provider }) => provider),
    p_model: keys.map(({ model }) => model),
    p_tool: keys.map(({ tool }) => tool),
    p_in_window: keys.map(({ inWindow }) => inWindow),
    p_events: counts.map(({ events }) => events),
    p_errors: counts.map(({ errors }) => errors),
    p_successes: counts.map(({ successes }) => successes),
    p_retries: counts.map(({ retries }) => retries),
    p_failed_validations: counts.map(({ failedValidations }) => failedValidations),
    p_human_reviews: counts.map(({ humanReviews }) => humanReviews),
    p_tokens_input: counts.map(({ tokensInput }) => String(tokensInput)),
    p_tokens_output: counts.map(({ tokensOutput }) => String(tokensOutput)),
    p_tokens_cache_read: counts.map(({ tokensCacheRead }) => String(tokensCacheRead)),
    p_tokens_cache_write: counts.map(({ tokensCacheWrite }) => String(tokensCacheWrite)),
    p_tokens_reasoning: counts.map(({ tokensReasoning }) => String(tokensReasoning)),
    p_cost_picos: counts.map(({ costPicos }) => String(costPicos)),
    p_priced: counts.map(({ priced }) => priced),
    p_unpriced: counts.map(({ unpriced }) => unpriced),
    p_priced_tokens: counts.map(({ pricedTokens }) => String(pricedTokens)),
    p_unpriced_tokens: counts.map(({ unpricedTokens }) => String(unpricedTokens)),
    p_latencies: counts.map(({ latencies }) => literalOf(latencies)),
    p_costs: counts.map(({ costs }) => literalOf(costs)),
  };
}

function negated(counts: HourCounts): HourCounts {
  const flip = (value: number | bigint | readonly number[]) =>
    Array.isArray(value) ? value.map((count: number) => -count) : -(value as number | bigint);
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, flip(value)])) as HourCounts;
}

/** What is added to traces as parallel lists. */
export function traceColumns({ traces }: EventCounts) {
  const rows = inOrder(traces);
  const counts = rows.map(([, row]) => row);
  return {
    p_trace: rows.map(([traceId]) => Buffer.from(traceId, "hex")),
    p_agent: counts.map(({ agentId }) => agentId),
    p_run: counts.map(({ run }) => run),
    p_session: counts.map(({ session }) => session),
    p_name: counts.map(({ name }) => name),
    p_first: counts.map(({ firstAt }) => firstAt),
    p_last: counts.map(({ lastAt }) => lastAt),
    p_kept_from: counts.map(({ keptFrom }) => keptFrom),
    p_kept_to: counts.map(({ keptTo }) => keptTo),
    p_received: counts.map(({ receivedAt }) => receivedAt),
    p_events: counts.map(({ events }) => events),
    p_errors: counts.map(({ errors }) => errors),
    p_model_calls: counts.map(({ modelCalls }) => modelCalls),
    p_tool_calls: counts.map(({ toolCalls }) => toolCalls),
    p_tokens_input: counts.map(({ tokensInput }) => String(tokensInput)),
    p_tokens_output: counts.map(({ tokensOutput }) => String(tokensOutput)),
    p_cost_picos: counts.map(({ costPicos }) => String(costPicos)),
    p_unpriced: counts.map(({ unpriced }) => unpriced),
    p_root_ended: counts.map(({ rootEndedAt }) => rootEndedAt),
  };
}

/** What is added to feeds and unread keys as parallel lists. */
export function feedColumns({ feeds, keys }: EventCounts) {
  const rows = inOrder(feeds).map(([, feed]) => feed);
  const unread = inOrder(keys).map(([, key]) => key);
  return {
    p_agent: rows.map(({ agentId }) => agentId),
    p_credential: rows.map(({ credentialId }) => credentialId),
    p_producer: rows.map(({ producer }) => producer),
    p_dialect: rows.map(({ dialect }) => dialect),
    p_received: rows.map(({ receivedAt }) => receivedAt),
    p_last_event: rows.map(({ lastEventAt }) => lastEventAt),
    p_events: rows.map(({ events }) => events),
    p_out_of_window: rows.map(({ outOfWindow }) => outOfWindow),
    p_claims_other: rows.map(({ claimsOther }) => claimsOther),
    p_key_agent: unread.map(({ agentId }) => agentId),
    p_key_producer: unread.map(({ producer }) => producer),
    p_key: unread.map(({ key }) => key),
    p_key_events: unread.map(({ events }) => events),
    p_key_received: unread.map(({ receivedAt }) => receivedAt),
  };
}
