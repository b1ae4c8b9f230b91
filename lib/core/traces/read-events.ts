import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Sha256Hex } from "@/lib/core/shared/digest";
import { isJsonObject, type JsonObject } from "@/lib/core/shared/json";

import { EVENT_KEYS, FIELD } from "./alias-index";
import { attempt } from "./encoding";
import type { AgentEvent } from "./event";
import { positiveOf } from "./figures";
import { ItemReader, LATEST_NS } from "./item-reader";
import { JSON_ENCODING } from "./json-encoding";
import { TRACE_LIMITS } from "./limits";
import { eventOf } from "./normalise";
import type { Decoded } from "./otlp";
import { nanosecondsOf } from "./time-text";
import { Reading } from "./reading";
import { ItemRefusal, RejectionCount } from "./rejections";

/** Objects of a line whose fields are fields of the event: `usage.input_tokens`. */
const NESTED = new Set(["usage", "tool_call", "retrieval", "policy", "result", "eval"]);
const NANOS_A_MS = 1_000_000n;
const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;

/** The events of `POST /api/v1/events`: a line of JSON each, or a JSON array of them. A faulty line is refused alone. */
export function readEvents(body: Uint8Array, sha256Hex: Sha256Hex): Decoded<AgentEvent> {
  const text = attempt(() => new TextDecoder("utf-8", { fatal: true }).decode(body));
  if (!text.ok) return { ok: false, fault: { code: "malformed_json", message: "The body is not UTF-8." } };
  const lines = linesOf(text.value);
  if (lines === null) return { ok: false, fault: { code: "malformed_json", message: "The body is not JSON." } };
  const events: AgentEvent[] = [];
  const rejected = new RejectionCount();
  const reader = new ItemReader(JSON_ENCODING);
  let at = 0;
  for (const line of lines) {
    at += 1;
    if (at > TRACE_LIMITS.items) {
      rejected.add("too_many_items", `Only the first ${TRACE_LIMITS.items} events of a body are taken.`);
      continue;
    }
    const event = attempt(() => eventOfLine(line(), reader, sha256Hex));
    if (event.ok) events.push(event.value);
    else rejected.add(event.code, `Event ${at}: ${event.message}`);
  }
  return { ok: true, items: events, rejected };
}

/** Each line as a function that parses it; null if what must be one document is none. */
function linesOf(text: string): (() => unknown)[] | null {
  const start = text.trimStart();
  if (start.startsWith("[")) {
    const array = attempt((): unknown => JSON.parse(start));
    return array.ok && Array.isArray(array.value) ? array.value.map((item: unknown) => () => item) : null;
  }
  const lines = start.split("\n").filter((line) => line.trim() !== "");
  const [first = ""] = lines;
  // One event written over several lines is a document too.
  if (lines.length > 1 && !attempt(() => JSON.parse(first)).ok) {
    const whole = attempt((): unknown => JSON.parse(start));
    if (whole.ok) return [() => whole.value];
  }
  return lines.map((line) => () => parsedLine(line));
}

function parsedLine(line: string): unknown {
  if (line.length > TRACE_LIMITS.texts)
    return refuse("too_large", `A line has ${line.length} characters; at most ${TRACE_LIMITS.texts}.`);
  const parsed = attempt((): unknown => JSON.parse(line));
  return parsed.ok ? parsed.value : refuse("malformed", "Not JSON.");
}

function eventOfLine(raw: unknown, reader: ItemReader, sha256Hex: Sha256Hex): AgentEvent {
  reader.start();
  const line = reader.json(raw, 0);
  if (!isJsonObject(line)) return refuse("not_an_object", "An event is a JSON object.");
  const reading = readingOf(line);
  const startNs = nanosecondsOf(reading.get(FIELD.ts)) ?? refuse("time_invalid", "`ts` is not a time.");
  const digest = sha256Hex(canonicalJson(line));
  const eventId = idOf(reading, FIELD.spanId, SPAN_ID_DIGITS, sha256Hex) ?? digest.slice(0, SPAN_ID_DIGITS);
  const session = reading.text(FIELD.sessionId);
  const runId = reading.text(FIELD.runId) ?? session;
  const event = eventOf(reading, {
    eventId,
    traceId:
      idOf(reading, FIELD.traceId, TRACE_ID_DIGITS, sha256Hex) ??
      sha256Hex(runId === null ? digest : `run ${runId}`).slice(0, TRACE_ID_DIGITS),
    parentEventId: idOf(reading, FIELD.parentId, SPAN_ID_DIGITS, sha256Hex),
    links: [],
    source: "jsonl",
    dialect: "interlock",
    producer: null,
    name: nameOf(reading),
    startNs,
    endNs: endOf(reading, startNs),
    events: [],
    status: { code: 0, message: "" },
    flags: reader.flags(),
    kind: null,
  });
  return { ...event, runId };
}

function readingOf(line: JsonObject): Reading {
  const reading = new Reading(EVENT_KEYS, null);
  for (const [key, value] of Object.entries(line)) {
    if (!NESTED.has(key) || !isJsonObject(value)) reading.add(key, value);
    else for (const [inner, item] of Object.entries(value)) reading.add(`${key}.${inner}`, item);
  }
  return reading;
}

const HEX = /^[0-9a-f]*[1-9a-f][0-9a-f]*$/i;

/** An id as spans have them; one of another form is digested, so that what names it still finds it. */
function idOf(reading: Reading, field: number, digits: number, sha256Hex: Sha256Hex): string | null {
  const id = reading.text(field);
  if (id === null) return null;
  return id.length === digits && HEX.test(id) ? id.toLowerCase() : sha256Hex(`id ${id}`).slice(0, digits);
}

function nameOf(reading: Reading): string {
  const name = reading.text(FIELD.name) ?? reading.text(FIELD.toolName) ?? reading.text(FIELD.modelServed) ?? "event";
  return name.slice(0, TRACE_LIMITS.name);
}

function endOf(reading: Reading, startNs: string): string | null {
  const said = nanosecondsOf(reading.get(FIELD.endTs));
  if (said !== null) return BigInt(said) >= BigInt(startNs) ? said : null;
  const ms = positiveOf(reading.get(FIELD.durationMs));
  if (ms === null || ms > Number.MAX_SAFE_INTEGER) return null;
  const end = BigInt(startNs) + BigInt(Math.round(ms)) * NANOS_A_MS;
  return end > LATEST_NS ? null : end.toString();
}

function refuse(code: ItemRefusal["code"], message: string): never {
  throw new ItemRefusal(code, message);
}
