import { FIELD } from "./alias-index";
import { isJsonArray, isJsonObject, type Json } from "@/lib/core/shared/json";

import { dialectOfKeys, dialectOfScope } from "./dialects";
import type { AgentEvent, Dialect, EventFlag, EventKind, EventTool } from "./event";
import { evaluationsOf } from "./evaluations";
import { numberOf, positiveOf } from "./figures";
import { agentIdOf, dimensionsOf, modelOf, providerOf } from "./identity";
import { isWrapper, kindOf } from "./kinds";
import { outcomeOf } from "./outcome";
import type { Origin, OtlpSpan, OtlpSpanEvent } from "./otlp";
import { field, objectOf, parsedOf, textField } from "./parsed-text";
import { policyOf } from "./policy";
import type { Reading } from "./reading";
import { retrievalOf } from "./retrieval";
import { costOf, tokensOf } from "./usage";

const LEAVES: ReadonlySet<EventKind> = new Set<EventKind>(["llm", "embedding", "rerank"]);
const NANOS = 1_000_000;
/** The parts of an event that do not come from attributes, for the dialects and inlets to differ in. */
export type Frame = Pick<
  AgentEvent,
  "eventId" | "traceId" | "parentEventId" | "links" | "source" | "name" | "startNs" | "endNs" | "dialect" | "producer"
> & {
  readonly events: readonly OtlpSpanEvent[];
  readonly status: { readonly code: number; readonly message: string };
  readonly flags: readonly EventFlag[];
  /** What it was, where its name says so; null to go by the attributes. */
  readonly kind: EventKind | null;
};

/** What all events of one resource and scope share. */
export type Shared = { readonly base: Reading; readonly dialect: Dialect | null; readonly producer: string | null };

export function sharedOf(origin: Origin, base: Reading): Shared {
  const producer = origin.scopeVersion === "" ? origin.scopeName : `${origin.scopeName} ${origin.scopeVersion}`;
  return { base, dialect: dialectOfScope(origin), producer: producer === "" ? null : producer };
}

/** A span as the event that it tells of. Refuses a span whose figures cannot be. */
export function eventOfSpan(span: OtlpSpan, shared: Shared, reading: Reading): AgentEvent {
  const flags: EventFlag[] = [...span.flags];
  const startNs = span.startNs !== "0" ? span.startNs : (span.events[0]?.timeNs ?? span.endNs);
  if (span.startNs === "0") flags.push("start_missing");
  const backwards = span.endNs !== "0" && isBefore(span.endNs, startNs);
  if (backwards) flags.push("ends_before_start");
  return eventOf(reading, {
    eventId: span.spanId,
    traceId: span.traceId,
    parentEventId: span.parentSpanId,
    links: span.links.map(({ traceId, spanId }) => `${traceId}/${spanId}`),
    source: "otlp",
    dialect: shared.dialect ?? dialectOfKeys(reading),
    producer: shared.producer,
    name: span.name,
    startNs,
    endNs: span.endNs === "0" || backwards ? null : span.endNs,
    events: span.events,
    status: { code: span.statusCode, message: span.statusMessage },
    flags,
    kind: null,
  });
}

/** Compares decimal texts without signs or leading zeros. */
const isBefore = (a: string, b: string): boolean => a.length < b.length || (a.length === b.length && a < b);

/** The event of a reading in its frame; every inlet comes through here. */
export function eventOf(reading: Reading, frame: Frame): AgentEvent {
  const kind = frame.kind ?? kindOf(reading);
  const { tokens, tokensRead } = tokensOf(reading);
  const policy = policyOf(reading, kind);
  const tool = kind === "tool" ? toolOf(reading, frame) : null;
  if (tool === null) leaveIntents(reading);
  const judged = outcomeOf(reading, frame.events, frame.status, policy);
  const gemini = objectOf(reading.get(FIELD.geminiResponse));
  addEventContent(reading, frame.events);
  return {
    eventId: frame.eventId,
    traceId: frame.traceId,
    parentEventId: frame.parentEventId,
    links: frame.links,
    source: frame.source,
    dialect: frame.dialect,
    producer: frame.producer,
    startNs: frame.startNs,
    endNs: frame.endNs,
    ttftMs: ttftOf(reading, frame.startNs),
    name: frame.name,
    kind,
    usageRole: isLeaf(reading, kind, frame, tokens !== null) ? "leaf" : "rollup",
    agentId: agentIdOf(reading),
    agentName: agentNameOf(reading, kind, frame),
    agentVersion: reading.text(FIELD.agentVersion),
    sessionId: reading.text(FIELD.sessionId),
    runId: reading.text(FIELD.runId),
    step: stepOf(reading, frame.name),
    decisionId: reading.text(FIELD.decisionId),
    provider: providerOf(reading.text(FIELD.provider)),
    modelRequested: reading.text(FIELD.modelRequested),
    model: modelOf(reading) ?? textField(gemini, "model_version"),
    tokens,
    tokensRead,
    costUsdGiven: costOf(reading),
    finishReason: finishOf(reading.get(FIELD.finish) ?? field(gemini, "finish_reason")),
    tool,
    outcome: judged.outcome,
    outcomeSource: judged.outcomeSource,
    error: judged.error,
    retrieval: retrievalOf(reading, kind, frame.events),
    policy,
    evaluations: evaluationsOf(reading, frame.events),
    dimensions: dimensionsOf(reading),
    content: reading.content,
    unread: reading.unread,
    flags: reading.flags.length === 0 ? frame.flags : [...frame.flags, ...reading.flags],
  };
}

/** A line of JSON carries its own usage whatever it did; a span does where it is the model's call. */
function isLeaf(reading: Reading, kind: EventKind, frame: Frame, hasTokens: boolean): boolean {
  if (frame.source === "jsonl") return hasTokens && !["run", "agent", "step", "chain"].includes(kind);
  return LEAVES.has(kind) && !isWrapper(reading);
}

function agentNameOf(reading: Reading, kind: EventKind, frame: Frame): string | null {
  const named = reading.text(FIELD.agentName);
  if (named !== null) return named;
  if (kind === "agent" && reading.has(FIELD.entityName)) return reading.text(FIELD.entityName);
  // Langfuse names the agent in the span alone.
  if (kind === "agent" && frame.dialect === "langfuse") return frame.name;
  return reading.text(FIELD.workflowName);
}

function stepOf(reading: Reading, name: string): number | null {
  const said = numberOf(reading.get(FIELD.step));
  if (said !== null) return Number.isSafeInteger(said) && said >= 0 ? said : null;
  if (reading.text(FIELD.operation) !== "agent_step" || !name.startsWith("step ")) return null;
  const number = Number(name.slice("step ".length));
  return Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** One spelling of a reason: `tool-calls` and `tool_call` are the `tool_calls` of the provider. */
function finishOf(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const parsed = parsedOf(value);
  const first = isJsonArray(parsed) ? parsed[0] : parsed;
  if (typeof first !== "string" || first === "") return null;
  const reason = first.toLowerCase().replaceAll("-", "_");
  return reason === "tool_call" ? "tool_calls" : reason;
}

function ttftOf(reading: Reading, startNs: string): number | null {
  const ms = positiveOf(reading.get(FIELD.ttftMs));
  if (ms !== null) return ms;
  const seconds = positiveOf(reading.get(FIELD.ttftSeconds));
  if (seconds !== null) return seconds * 1_000;
  const text = reading.text(FIELD.completionStart);
  if (text === null) return null;
  const at = Date.parse(text.replaceAll('"', ""));
  const since = at - Number(startNs) / NANOS;
  return since >= 0 ? Math.round(since) : null;
}

function toolOf(reading: Reading, frame: Frame): EventTool | null {
  const name = toolNameOf(reading, frame.name);
  const args = reading.get(FIELD.toolArgs);
  // They are the event's arguments now, and not content a second time.
  if (args !== undefined) delete reading.content[reading.keyOf(FIELD.toolArgs)];
  return { name, callId: reading.text(FIELD.toolCallId), args: args === undefined ? null : unwrapped(parsedOf(args)) };
}

/** A tool that was only named, by a model that wants it or a rule that was asked, was not executed here. */
function leaveIntents(reading: Reading): void {
  for (const named of [FIELD.toolName, FIELD.toolCallId]) {
    const value = reading.get(named);
    if (value !== undefined) reading.unread[reading.keyOf(named)] = value;
  }
}

function toolNameOf(reading: Reading, spanName: string): string {
  const named = reading.text(FIELD.toolName) ?? reading.text(FIELD.entityName);
  const parameters = objectOf(reading.get(FIELD.toolArgs));
  const [server, tool] = [field(parameters, "mcp_server_name"), field(parameters, "mcp_tool_name")];
  // Claude Code's own name for an MCP tool is what its hooks and permissions use.
  if (typeof server === "string" && typeof tool === "string") return `mcp__${server}__${tool}`;
  const prefix = "execute_tool ";
  return named ?? (spanName.startsWith(prefix) ? spanName.slice(prefix.length) : spanName);
}

/** Traceloop wraps a function's arguments as `{"args": [], "kwargs": {}}`; they are what is inside. */
function unwrapped(args: Json): Json {
  if (!isJsonObject(args)) return args;
  const [positional, named] = [field(args, "args"), field(args, "kwargs")];
  if (Object.keys(args).length !== 2 || !positional || !named) return args;
  if (!isJsonArray(positional) || !isJsonObject(named)) return args;
  if (positional.length === 0) return named;
  const [only] = positional;
  return positional.length === 1 && only !== undefined && Object.keys(named).length === 0 ? only : args;
}

/** Whatever instrumentations attach as events may be what somebody wrote: prompts, replies, stack traces. */
function addEventContent(reading: Reading, events: readonly OtlpSpanEvent[]): void {
  if (events.length === 0) return;
  reading.content["span.events"] = events.map(({ name, timeNs, attributes }) => ({
    name,
    time_ns: timeNs,
    attributes: Object.fromEntries(attributes),
  }));
}
