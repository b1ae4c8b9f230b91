import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Sha256Hex } from "@/lib/core/shared/digest";
import type { Json } from "@/lib/core/shared/json";

import { FIELD } from "./alias-index";
import { decodeLogs, type OtlpEncoding } from "./decode";
import { dialectOfKeys } from "./dialects";
import { attempt } from "./encoding";
import type { AgentEvent, EventFlag, EventKind } from "./event";
import { positiveOf } from "./figures";
import { eventOf, type Shared, sharedOf } from "./normalise";
import type { Origin, OtlpLogRecord, Sifted } from "./otlp";
import { PassedOver } from "./passed-over";
import { isClaudeCode, type Reading, readingOfOrigin, readingOn } from "./reading";
import { RejectionCount } from "./rejections";

/** Event names that tell of agents, by their beginnings; all other logs are passed over. */
const OURS = ["gen_ai.", "claude_code.", "interlock."];
const CLAUDE_CODE = "claude_code.";
const DETAILS = "gen_ai.client.inference.operation.details";
const NANOS_A_MS = 1_000_000n;

const KINDS: Readonly<Record<string, EventKind>> = {
  "gen_ai.evaluation.result": "eval",
  "gen_ai.client.operation.exception": "other",
  "gen_ai.system.message": "other",
  "gen_ai.user.message": "other",
  "gen_ai.assistant.message": "other",
  "gen_ai.tool.message": "other",
  "gen_ai.choice": "other",
  "claude_code.api_request": "llm",
  "claude_code.api_error": "llm",
  "claude_code.api_refusal": "llm",
  "claude_code.tool_result": "tool",
  "claude_code.tool_decision": "guardrail",
};

type Known = Shared & { readonly text: string };

/** The events among an OTLP log export: GenAI events and Claude Code's own. */
export function readLogs(encoding: OtlpEncoding, body: Uint8Array, sha256Hex: Sha256Hex): Sifted<AgentEvent> {
  const decoded = decodeLogs(encoding, body);
  if (!decoded.ok) return decoded;
  const events: AgentEvent[] = [];
  const rejected = new RejectionCount();
  rejected.addAll(decoded.rejected);
  const passedOver = new PassedOver();
  const origins = new Map<Origin, Known>();
  for (const record of decoded.items) {
    const name = nameOf(record);
    if (!OURS.some((prefix) => name.startsWith(prefix))) {
      passedOver.add(name === "" ? "(unnamed)" : name);
      continue;
    }
    const known = origins.get(record.origin) ?? knownOf(record.origin);
    origins.set(record.origin, known);
    const event = attempt(() => eventOfRecord(record, name, known, sha256Hex));
    if (event.ok) events.push(event.value);
    else rejected.add(event.code, event.message);
  }
  return { ok: true, items: events, rejected, passedOver: passedOver.counts };
}

const knownOf = (origin: Origin): Known => ({
  ...sharedOf(origin, readingOfOrigin(origin)),
  text: canonicalJson(Object.fromEntries(origin.resource)),
});

/** The event's name: a field of newer records, an attribute of older ones, and in Claude Code's the body too. */
function nameOf(record: OtlpLogRecord): string {
  const attribute = record.attributes.get("event.name");
  const named = record.eventName || (typeof attribute === "string" ? attribute : "");
  if (named === "") return typeof record.body === "string" && record.body.startsWith(CLAUDE_CODE) ? record.body : "";
  return isClaudeCode(record.origin) && !named.startsWith(CLAUDE_CODE) ? CLAUDE_CODE + named : named;
}

function eventOfRecord(record: OtlpLogRecord, name: string, known: Known, sha256Hex: Sha256Hex): AgentEvent {
  const reading = readingOn(known.base, record.attributes, record.origin);
  if (record.body !== null && record.body !== name) reading.content.body = record.body;
  const flags: EventFlag[] = [...record.flags];
  const timeNs = record.timeNs === "0" ? record.observedNs : record.timeNs;
  if (timeNs === "0") flags.push("start_missing");
  const eventId = idOf(record, name, known, sha256Hex);
  const [startNs, endNs] = timesOf(reading, timeNs);
  const event = eventOf(reading, {
    eventId,
    traceId: record.traceId ?? traceIdOf(reading, eventId, sha256Hex),
    parentEventId: record.spanId,
    links: [],
    source: "otlp",
    dialect: known.dialect ?? (name.startsWith("gen_ai.") ? "otel_genai" : dialectOfKeys(reading)),
    producer: known.producer,
    name,
    startNs,
    endNs,
    events: [],
    status: { code: 0, message: "" },
    flags,
    kind: KINDS[name] ?? (name === DETAILS ? null : "other"),
  });
  // The span that it belongs to has the usage, and would be counted a second time.
  if (name !== DETAILS || record.spanId === null) return event;
  return { ...event, usageRole: "rollup", tokens: null, tokensRead: "unknown", costUsdGiven: null };
}

/** A record is written when what it tells of is over, so how long it took lies before it. */
function timesOf(reading: Reading, timeNs: string): readonly [string, string | null] {
  const ms = positiveOf(reading.get(FIELD.durationMs));
  if (ms === null) return [timeNs, null];
  const start = BigInt(timeNs) - BigInt(Math.round(ms)) * NANOS_A_MS;
  return start > 0n ? [start.toString(), timeNs] : [timeNs, null];
}

/** Logs have no id. The digest of all that a record says is the same however often it is sent. */
function idOf(record: OtlpLogRecord, name: string, known: Known, sha256Hex: Sha256Hex): string {
  const said: Json = {
    attributes: Object.fromEntries(record.attributes),
    body: record.body,
    name,
    origin: known.text,
    span: record.spanId,
    time: record.timeNs,
    trace: record.traceId,
  };
  return sha256Hex(canonicalJson(said)).slice(0, 16);
}

/** Records of one session without a trace of their own are one trace. */
function traceIdOf(reading: Reading, eventId: string, sha256Hex: Sha256Hex): string {
  const session = reading.text(FIELD.sessionId);
  return sha256Hex(session === null ? `event ${eventId}` : `session ${session}`).slice(0, 32);
}
