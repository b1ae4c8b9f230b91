import { createHash, randomBytes, randomUUID } from "node:crypto";

import { AgentId, CredentialId } from "@/lib/core/shared/brand";
import { type AgentEvent, NO_DIMENSIONS } from "@/lib/core/traces/event";
import type { Sender, StoredEvent } from "@/lib/core/traces/stored-event";

import { eventOf } from "./agent-event";

/** An agent's credential that events can be said to have come with. */
export const givenSender = (): Sender => ({
  agentId: AgentId.parse(randomUUID()),
  credentialId: CredentialId.parse(randomUUID()),
});

export const newTraceId = (): string => randomBytes(16).toString("hex");
export const newEventId = (): string => randomBytes(8).toString("hex");
export const nsOf = (at: Date): string => String(BigInt(at.getTime()) * 1_000_000n);

/** A model call of an agent that began now and took 250 ms, as changed. */
export function givenEvent(change: Partial<AgentEvent> = {}): AgentEvent {
  const startNs = change.startNs ?? nsOf(new Date());
  return eventOf({
    eventId: newEventId(),
    traceId: newTraceId(),
    producer: "test 1.0",
    startNs,
    endNs: String(BigInt(startNs) + 250_000_000n),
    ttftMs: 12.5,
    name: "chat gpt-4.1-mini",
    kind: "llm",
    agentName: "support-triage",
    agentVersion: "3",
    sessionId: "s-1",
    step: 2,
    provider: "openai",
    modelRequested: "gpt-4.1-mini",
    model: "gpt-4.1-mini-2025-04-14",
    tokens: {
      input: 1200,
      output: 340,
      cacheRead: 1024,
      cacheWrite: 0,
      cacheWrite1h: null,
      reasoning: 256,
      audioIn: null,
      audioOut: null,
    },
    tokensRead: "inclusive",
    finishReason: "stop",
    outcome: "success",
    outcomeSource: "explicit",
    dimensions: { ...NO_DIMENSIONS, customer: "acme", environment: "production", tags: ["a", "b"] },
    unread: { "x.custom": 1 },
    ...change,
  });
}

/** The event as the door would let it in, priced at 717 millionths of a dollar unless told otherwise. */
export function givenStored(sender: Sender, event: AgentEvent, change: Partial<StoredEvent> = {}): StoredEvent {
  const digest = createHash("sha256").update(JSON.stringify(event)).digest("hex").slice(0, 32);
  const isPriced = event.usageRole === "leaf" && event.tokens !== null;
  return {
    event,
    inWindow: true,
    claimsOther: false,
    digest,
    argsDigest: event.tool === null ? null : digest,
    cost: isPriced
      ? { picos: "717000000", computedPicos: "717000000", status: "computed", priceRef: "test@1#gpt-4.1-mini" }
      : {
          picos: null,
          computedPicos: null,
          status: event.usageRole === "rollup" ? "rollup" : "no_usage",
          priceRef: null,
        },
    ...sender,
    receivedAt: new Date().toISOString(),
    ...change,
  };
}
