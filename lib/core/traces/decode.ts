import { attempt, type Message } from "./encoding";
import { ItemReader, refuseMore } from "./item-reader";
import { JSON_ENCODING } from "./json-encoding";
import { TRACE_LIMITS } from "./limits";
import type { BodyFault, Decoded, Origin, OtlpLogRecord, OtlpPoint, OtlpSpan } from "./otlp";
import { countFields, cutExport, WIRE } from "./otlp-wire";
import { PROTOBUF } from "./protobuf-encoding";
import { readLogRecord, readMetric, readOrigin, readSpan } from "./read-items";
import { RejectionCount } from "./rejections";

/** How a body is written: `application/x-protobuf` or `application/json`. gRPC sends protobuf. */
export type OtlpEncoding = "protobuf" | "json";

type Signal = {
  readonly groups: string;
  readonly scopes: string;
  readonly items: string;
  readonly path: string;
  readonly wire: { decode(bytes: Uint8Array): object };
};

const TRACES: Signal = {
  groups: "resourceSpans",
  scopes: "scopeSpans",
  items: "spans",
  path: "/v1/traces",
  wire: WIRE.span,
};
const LOGS: Signal = {
  groups: "resourceLogs",
  scopes: "scopeLogs",
  items: "logRecords",
  path: "/v1/logs",
  wire: WIRE.logRecord,
};
const METRICS: Signal = {
  groups: "resourceMetrics",
  scopes: "scopeMetrics",
  items: "metrics",
  path: "/v1/metrics",
  wire: WIRE.metric,
};

/** The spans of an `ExportTraceServiceRequest`. Total: whatever the bytes, the answer is a value. */
export function decodeSpans(encoding: OtlpEncoding, body: Uint8Array): Decoded<OtlpSpan> {
  return decode(encoding, body, TRACES, (message, origin, read, add) => add(readSpan(message, origin, read)));
}

/** The records of an `ExportLogsServiceRequest`. */
export function decodeLogs(encoding: OtlpEncoding, body: Uint8Array): Decoded<OtlpLogRecord> {
  return decode(encoding, body, LOGS, (message, origin, read, add) => add(readLogRecord(message, origin, read)));
}

/** The points of an `ExportMetricsServiceRequest`; what is rejected is counted in points, as OTLP asks. */
export function decodePoints(encoding: OtlpEncoding, body: Uint8Array): Decoded<OtlpPoint> {
  return decode(encoding, body, METRICS, (message, origin, read, add, rejected) =>
    readMetric(message, origin, read, (point) => {
      if (!point.ok) rejected.add(point.code, point.message);
      else if (point.value !== null) add(point.value);
    }),
  );
}

const TOO_MANY = `Only the first ${TRACE_LIMITS.items} items of a body are taken.`;

type ReadItem<T> = (
  message: Message,
  origin: Origin,
  reader: ItemReader,
  add: (item: T) => void,
  rejected: RejectionCount,
) => void;

function decode<T>(encoding: OtlpEncoding, body: Uint8Array, signal: Signal, readItem: ReadItem<T>): Decoded<T> {
  const parsed = encoding === "json" ? parseJson(body, signal) : parseProtobuf(body);
  if (!parsed.ok) return parsed;
  const items: T[] = [];
  const rejected = new RejectionCount();
  const reader = new ItemReader(encoding === "json" ? JSON_ENCODING : PROTOBUF);
  if (parsed.skipped > 0) rejected.add("too_many_items", TOO_MANY, parsed.skipped);
  let left: number = TRACE_LIMITS.items;
  const add = (item: T) => {
    if (items.length < TRACE_LIMITS.items) items.push(item);
    else rejected.add("too_many_items", TOO_MANY);
  };
  for (const group of parsed.groups) {
    const origin = attempt(() => group.origin(reader));
    for (const raw of group.items) {
      left -= 1;
      if (left < 0) {
        rejected.add("too_many_items", TOO_MANY);
      } else if (!origin.ok) {
        rejected.add(origin.code, `Resource or scope: ${origin.message}`);
      } else {
        const read = attempt(() => readItem(group.message(raw), origin.value, reader, add, rejected));
        if (!read.ok) rejected.add(read.code, read.message);
      }
    }
  }
  return { ok: true, items, rejected };

  function parseProtobuf(bytes: Uint8Array): Parsed {
    const outer = attempt(() => cutExport(bytes));
    if (!outer.ok) return fault("malformed_protobuf", `Not an OTLP message: ${outer.message}`);
    const groups = outer.value.groups.map(({ resource, scope, items }) => ({
      origin: (reader: ItemReader) =>
        readOrigin(WIRE.resource.decode(resource) as Message, WIRE.scope.decode(scope) as Message, reader),
      items,
      message: (raw: unknown) => signal.wire.decode(checkedSize(raw as Uint8Array)) as Message,
    }));
    return { ok: true, groups, skipped: outer.value.skipped };
  }
}

/** An attribute is four bytes at least, so a smaller item cannot have too many. */
const SUSPICIOUS_BYTES = 4 * TRACE_LIMITS.attributes;
const MOST_FIELDS = TRACE_LIMITS.attributes + TRACE_LIMITS.events + TRACE_LIMITS.links + 32;

/** Counts the fields of a large item before anything is made of them. */
function checkedSize(bytes: Uint8Array): Uint8Array {
  if (bytes.length > SUSPICIOUS_BYTES) {
    const fields = countFields(bytes, MOST_FIELDS);
    refuseMore("too_many_attributes", "attributes, events and links or more", fields, MOST_FIELDS);
  }
  return bytes;
}

type Group = {
  readonly origin: (reader: ItemReader) => Origin;
  readonly items: readonly unknown[];
  readonly message: (raw: unknown) => Message;
};
type Parsed =
  | { readonly ok: true; readonly groups: readonly Group[]; readonly skipped: number }
  | { readonly ok: false; readonly fault: BodyFault };

const fault = (code: BodyFault["code"], message: string): Parsed => ({ ok: false, fault: { code, message } });

/**
 * 64-bit numbers that are written as JSON numbers, which would lose digits. Between `":` and a digit no quote can be
 * escaped, so nothing inside a text matches.
 */
const LONG_NUMBER = /(UnixNano|intValue|asInt|count)":([ \t\r\n]*)(-?\d{16,})(?![\d.eE])/g;

function parseJson(body: Uint8Array, signal: Signal): Parsed {
  const text = attempt(() => new TextDecoder("utf-8", { fatal: true }).decode(body));
  if (!text.ok) return fault("malformed_json", "The body is not UTF-8.");
  const root = attempt((): unknown => JSON.parse(text.value.replace(LONG_NUMBER, '$1":$2"$3"')));
  if (!root.ok) return fault("malformed_json", "The body is not JSON.");
  const read = attempt(() => groupsOf(JSON_ENCODING.message(root.value) ?? {}, signal));
  if (!read.ok) return fault("unexpected_shape", `Not an export request: ${read.message}`);
  return read.value;
}

function groupsOf(root: Message, signal: Signal): Parsed {
  const other = [TRACES, LOGS, METRICS].find(
    (candidate) => candidate !== signal && Object.hasOwn(root, candidate.groups),
  );
  if (other && !Object.hasOwn(root, signal.groups)) {
    return fault("wrong_signal", `The body has ${other.groups}; send it to ${other.path}.`);
  }
  if (!Object.hasOwn(root, signal.groups) && Object.keys(root).length > 0) {
    return fault("unexpected_shape", `The body has no ${signal.groups}.`);
  }
  const groups = JSON_ENCODING.list(root[signal.groups], signal.groups).flatMap((group) =>
    JSON_ENCODING.list(group[signal.scopes], signal.scopes).map((scope) => ({
      origin: (reader: ItemReader) =>
        readOrigin(JSON_ENCODING.message(group.resource) ?? {}, JSON_ENCODING.message(scope.scope) ?? {}, reader),
      items: rawItems(scope[signal.items], signal.items),
      message: (raw: unknown) => JSON_ENCODING.message(raw) ?? {},
    })),
  );
  return { ok: true, groups, skipped: 0 };
}

/** The items unread, so that one that is not even an object is refused alone. */
function rawItems(value: unknown, field: string): readonly unknown[] {
  return Array.isArray(value) ? value : JSON_ENCODING.list(value, field);
}
