import { decimalText } from "./decimal";
import { type Attempt, attempt, type Encoding, type Message } from "./encoding";
import { type ItemReader, refuseMore } from "./item-reader";
import { TRACE_LIMITS } from "./limits";
import type { Origin, OtlpLink, OtlpLogRecord, OtlpPoint, OtlpSpan } from "./otlp";
import { ItemRefusal } from "./rejections";

const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;
const ZEROS = "0".repeat(TRACE_ID_DIGITS);
const STATUS_CODES = { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 };
const TEMPORALITIES = { AGGREGATION_TEMPORALITY_DELTA: 1, AGGREGATION_TEMPORALITY_CUMULATIVE: 2 };
const CUMULATIVE = 2;
const SEVERITIES = Object.fromEntries(
  ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((name, at) =>
    ["", "2", "3", "4"].map((step, by) => [`SEVERITY_NUMBER_${name}${step}`, 1 + 4 * at + by]),
  ),
);

const NO_EVENTS: OtlpSpan["events"] = Object.freeze([]);
const NO_LINKS: OtlpSpan["links"] = Object.freeze([]);

export function readOrigin(resource: Message, scope: Message, reader: ItemReader): Origin {
  reader.start();
  return {
    resource: reader.attributes(resource),
    scopeName: reader.name(scope.name),
    scopeVersion: reader.name(scope.version),
    scope: reader.attributes(scope),
  };
}

export function readSpan(message: Message, origin: Origin, reader: ItemReader): OtlpSpan {
  const { encoding } = reader;
  const traceId = idOf(encoding.id(message.traceId), TRACE_ID_DIGITS, "trace_id_invalid", "The trace id");
  const spanId = idOf(encoding.id(message.spanId), SPAN_ID_DIGITS, "span_id_invalid", "The span id");
  if (traceId === null) throw new ItemRefusal("trace_id_invalid", "The trace id is missing or all zeros.");
  if (spanId === null) throw new ItemRefusal("span_id_invalid", "The span id is missing or all zeros.");
  const events = encoding.list(message.events, "events");
  const links = encoding.list(message.links, "links");
  refuseMore("too_many_events", "events", events.length, TRACE_LIMITS.events);
  refuseMore("too_many_links", "links", links.length, TRACE_LIMITS.links);
  reader.start();
  const status = encoding.message(message.status);
  return {
    origin,
    traceId,
    spanId,
    parentSpanId: idOf(encoding.id(message.parentSpanId), SPAN_ID_DIGITS, "parent_id_invalid", "The parent's id"),
    name: reader.name(message.name),
    startNs: encoding.time(message.startTimeUnixNano),
    endNs: encoding.time(message.endTimeUnixNano),
    attributes: reader.attributes(message),
    events:
      events.length === 0
        ? NO_EVENTS
        : events.map((event) => ({
            name: reader.name(event.name),
            timeNs: encoding.time(event.timeUnixNano),
            attributes: reader.attributes(event),
          })),
    links: links.length === 0 ? NO_LINKS : links.flatMap((link) => linkOf(link, encoding)),
    statusCode: status === null ? 0 : encoding.choice(status.code, STATUS_CODES),
    statusMessage: status === null ? "" : reader.text(encoding.text(status.message)),
    // Last, since reading the others raises them.
    flags: reader.flags(),
  };
}

export function readLogRecord(message: Message, origin: Origin, reader: ItemReader): OtlpLogRecord {
  const { encoding } = reader;
  reader.start();
  const body = encoding.message(message.body);
  return {
    origin,
    traceId: idOf(encoding.id(message.traceId), TRACE_ID_DIGITS, "trace_id_invalid", "The trace id"),
    spanId: idOf(encoding.id(message.spanId), SPAN_ID_DIGITS, "span_id_invalid", "The span id"),
    eventName: reader.name(message.eventName),
    timeNs: encoding.time(message.timeUnixNano),
    observedNs: encoding.time(message.observedTimeUnixNano),
    severity: encoding.choice(message.severityNumber, SEVERITIES),
    body: body === null ? null : reader.value(body, 0),
    attributes: reader.attributes(message),
    flags: reader.flags(),
  };
}

/** The points of one metric; a bad point is refused alone. */
export function readMetric(
  message: Message,
  origin: Origin,
  reader: ItemReader,
  add: (point: Attempt<OtlpPoint | null>) => void,
): void {
  const { encoding } = reader;
  reader.start();
  const [metric, unit] = [reader.name(message.name), reader.name(message.unit)];
  for (const kind of METRIC_KINDS) {
    const data = encoding.message(message[kind]);
    if (data === null) continue;
    const cumulative = kind === "summary" || encoding.choice(data.aggregationTemporality, TEMPORALITIES) === CUMULATIVE;
    const shared = {
      origin,
      metric,
      unit,
      temporality: kind === "gauge" ? "gauge" : cumulative ? "cumulative" : "delta",
      monotonic: kind === "sum" && encoding.bool(data.isMonotonic),
    } as const;
    const isNumber = kind === "gauge" || kind === "sum";
    for (const point of encoding.list(data.dataPoints, "dataPoints")) {
      add(attempt(() => readPoint(point, shared, isNumber, reader)));
    }
  }
}

const METRIC_KINDS = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"] as const;

/** Null for a point that has no value, which is how OTel says that a series ended. */
function readPoint(
  message: Message,
  shared: Pick<OtlpPoint, "origin" | "metric" | "unit" | "temporality" | "monotonic">,
  isNumber: boolean,
  reader: ItemReader,
): OtlpPoint | null {
  const { encoding } = reader;
  const value = isNumber ? numberOf(message, encoding) : sumOf(message, encoding);
  if (value === null) return null;
  reader.start();
  return {
    ...shared,
    startNs: encoding.time(message.startTimeUnixNano),
    timeNs: encoding.time(message.timeUnixNano),
    value,
    count: isNumber ? null : encoding.has(message, "count") ? String(encoding.integer(message.count)) : "0",
    attributes: reader.attributes(message),
    flags: reader.flags(),
  };
}

function numberOf(message: Message, encoding: Encoding): string | null {
  if (encoding.has(message, "asInt")) return String(encoding.integer(message.asInt));
  return encoding.has(message, "asDouble") ? decimalOf(encoding.double(message.asDouble)) : null;
}

function decimalOf(value: number): string {
  if (!Number.isFinite(value)) throw new ItemRefusal("number_invalid", `A value is ${value}.`);
  return decimalText(value);
}

const sumOf = (message: Message, encoding: Encoding): string | null =>
  encoding.has(message, "sum") ? decimalOf(encoding.double(message.sum)) : null;

/** The id, or null if it is empty or all zeros. */
function idOf(id: string, digits: number, code: ItemRefusal["code"], what: string): string | null {
  if (id === "" || ZEROS.startsWith(id)) return null;
  if (id.length === digits) return id;
  throw new ItemRefusal(code, `${what} has ${id.length} hex digits instead of ${digits}.`);
}

/** A link that points nowhere is left out: it says nothing about its span. */
function linkOf(link: Message, encoding: Encoding): OtlpLink[] {
  const [traceId, spanId] = [encoding.id(link.traceId), encoding.id(link.spanId)];
  return traceId.length === TRACE_ID_DIGITS && spanId.length === SPAN_ID_DIGITS ? [{ traceId, spanId }] : [];
}
