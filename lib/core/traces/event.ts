import { z } from "zod";

import type { Json } from "@/lib/core/shared/json";

/** What a span or a line of a trace was. `other` is anything the dialects do not name. */
export const EVENT_KINDS = [
  "run",
  "agent",
  "step",
  "llm",
  "embedding",
  "tool",
  "retrieval",
  "rerank",
  "guardrail",
  "eval",
  "chain",
  "other",
] as const;
export const EventKind = z.enum(EVENT_KINDS);
export type EventKind = z.infer<typeof EventKind>;

/** The instrumentation whose names an event was read by. `interlock` is the event of `POST /api/v1/events`. */
export const DIALECTS = [
  "interlock",
  "otel_genai",
  "openinference",
  "openllmetry",
  "vercel_ai",
  "langfuse",
  "claude_code",
  "openai_agents",
  "pydantic_ai",
  "langsmith",
  "unknown",
] as const;
export const Dialect = z.enum(DIALECTS);
export type Dialect = z.infer<typeof Dialect>;

export const EVENT_OUTCOMES = ["success", "retry", "failed_validation", "human_review_required"] as const;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];

/**
 * Tokens of one model call; null is "not said", 0 is a value. `input` includes what was read from and written to a cache
 * and audio, `output` includes reasoning and audio. `cacheWrite` includes `cacheWrite1h`.
 */
export type Tokens = {
  readonly input: number | null;
  readonly output: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly cacheWrite1h: number | null;
  readonly reasoning: number | null;
  readonly audioIn: number | null;
  readonly audioOut: number | null;
};

/** A tool that was executed. What a model asked for is an intent and no event of this kind. */
export type EventTool = {
  readonly name: string;
  readonly callId: string | null;
  /** Arguments as sent; kept in the operational stream only, and only as the workspace's redaction leaves them. */
  readonly args: Json | null;
};

export type EventRetrieval = {
  readonly index: string | null;
  readonly docIds: readonly string[];
  /** Times the documents are from, ISO 8601, in the order of `docIds`; null where a document does not say. */
  readonly asOf: readonly (string | null)[];
};

/** What a policy elsewhere said about this step. It is telemetry: it never counts as a decision of ours. */
export type EventPolicy = {
  readonly decision: "allow" | "deny" | "require_approval" | "modify" | "warn";
  readonly rule: string | null;
  readonly policyId: string | null;
};

/** The dimensions figures are split by, as the event claims them; null where it says nothing. */
export type EventDimensions = {
  readonly customer: string | null;
  readonly promptHash: string | null;
  readonly environment: string | null;
  readonly skill: string | null;
  readonly subagent: string | null;
  readonly mcpServer: string | null;
  readonly serviceTier: string | null;
  readonly batch: boolean;
  readonly tags: readonly string[];
};

/** A score that somebody gave to this step; `explanation` is text and therefore in `content`. */
export type EventEvaluation = {
  readonly name: string;
  readonly score: number | null;
  readonly label: string | null;
};

/** What was not quite as it should be and was read all the same. */
export const EVENT_FLAGS = [
  /** A text held U+0000, now the six characters `\\u0000`, or half a surrogate pair, now U+FFFD: databases refuse both. */
  "characters_replaced",
  /** A key that JavaScript gives a meaning of its own (`__proto__`) was left out, with its value. */
  "key_blocked",
  /** A text or a list was longer than we keep; what is missing is said at its end. */
  "value_cut",
  /** The end was before the start; the event has no end. */
  "ends_before_start",
  /** No start was given; the time that came nearest to it stands in. */
  "start_missing",
  /** Two attributes of the same meaning differ; the first in the order of the alias table was taken. */
  "usage_differs",
] as const;
export type EventFlag = (typeof EVENT_FLAGS)[number];

/** The dimensions of an event that claims none. */
export const NO_DIMENSIONS: EventDimensions = Object.freeze({
  customer: null,
  promptHash: null,
  environment: null,
  skill: null,
  subagent: null,
  mcpServer: null,
  serviceTier: null,
  batch: false,
  tags: Object.freeze([]),
});

/**
 * One thing that an agent did, whatever instrumentation told it: the same reply through two dialects gives the same event.
 * Everything in it is a claim of the sender; the workspace and the credential it came with are not part of it.
 * Times are nanoseconds since 1970 as decimal text, so that what OTLP sends survives; `null` is "not said".
 */
export type AgentEvent = {
  /** 16 hex digits of the span, or the first 16 of the SHA-256 of a line's canonical JSON. */
  readonly eventId: string;
  /** 32 hex digits. */
  readonly traceId: string;
  readonly parentEventId: string | null;
  /** Events elsewhere that this one names without being below them, as `trace/span`. */
  readonly links: readonly string[];
  readonly source: "otlp" | "jsonl";
  readonly dialect: Dialect;
  /** Scope name and version as sent, "openinference.instrumentation.openai 4.2.7"; null where there is none. */
  readonly producer: string | null;
  readonly startNs: string;
  readonly endNs: string | null;
  readonly ttftMs: number | null;
  readonly name: string;
  readonly kind: EventKind;
  /** `leaf` carries usage of its own; a `rollup` repeats what is below it and is never added to it. */
  readonly usageRole: "leaf" | "rollup";
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly agentVersion: string | null;
  readonly sessionId: string | null;
  /** The run as the sender names it; null means that the trace is the run. */
  readonly runId: string | null;
  readonly step: number | null;
  readonly decisionId: string | null;
  readonly provider: string | null;
  readonly modelRequested: string | null;
  readonly model: string | null;
  readonly tokens: Tokens | null;
  readonly tokensRead: "inclusive" | "exclusive_converted" | "inferred" | "unknown";
  /** Cost as the sender says it, in dollars as decimal text. */
  readonly costUsdGiven: string | null;
  readonly finishReason: string | null;
  readonly tool: EventTool | null;
  readonly outcome: EventOutcome | null;
  readonly outcomeSource: "explicit" | "derived";
  readonly error: { readonly type: string; readonly message: string | null } | null;
  readonly retrieval: EventRetrieval | null;
  readonly policy: EventPolicy | null;
  readonly evaluations: readonly EventEvaluation[];
  readonly dimensions: EventDimensions;
  /** Prompts, replies and other texts by name. Dropped at the door unless the workspace keeps content. */
  readonly content: Readonly<Record<string, Json>>;
  /** Attributes that no rule read, by key. */
  readonly unread: Readonly<Record<string, Json>>;
  readonly flags: readonly EventFlag[];
};
