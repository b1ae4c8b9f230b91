import type { OtlpEncoding } from "@/lib/core/traces/decode";
import { WIRE } from "@/lib/core/traces/otlp-wire";

/** A value as tests write it. A bigint is an int64, a number with a fraction or `{ double }` a double. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | { readonly double: number }
  | { readonly bytes: Uint8Array }
  | readonly AttributeValue[]
  | { readonly map: Readonly<Record<string, AttributeValue>> };
export type AttributeMap = Readonly<Record<string, AttributeValue>>;

/** A span as tests write it; what is left out has a default that is valid. */
export type SpanDraft = {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly startNs?: bigint;
  readonly endNs?: bigint;
  readonly attributes?: AttributeMap;
  readonly events?: readonly { name: string; timeNs?: bigint; attributes?: AttributeMap }[];
  readonly links?: readonly { traceId: string; spanId: string }[];
  readonly status?: { code: number; message?: string };
};
export type LogDraft = {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly eventName?: string;
  readonly timeNs?: bigint;
  readonly body?: AttributeValue;
  readonly attributes?: AttributeMap;
};
export type PointDraft = {
  readonly metric: string;
  readonly unit?: string;
  readonly cumulative?: boolean;
  readonly startNs?: bigint;
  readonly timeNs?: bigint;
  readonly value: bigint | number;
  readonly attributes?: AttributeMap;
};
export type OriginDraft = {
  readonly resource?: AttributeMap;
  readonly scope?: string;
  readonly version?: string;
};

export const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
export const SPAN_ID = "b7ad6b7169203331";
export const START_NS = 1_795_173_973_948_000_123n;

/** How one encoding writes what the other writes differently. */
type Writer = {
  readonly id: (hex: string) => unknown;
  readonly time: (ns: bigint) => unknown;
  readonly int: (value: bigint) => unknown;
  readonly bytes: (value: Uint8Array) => unknown;
  readonly double: (value: number) => unknown;
};
const long = (value: bigint) => ({
  low: Number(BigInt.asIntN(32, value)),
  high: Number(BigInt.asIntN(32, value >> 32n)),
  unsigned: false,
});
const WRITERS: Record<OtlpEncoding, Writer> = {
  protobuf: {
    id: (hex) => Buffer.from(hex, "hex"),
    time: (ns) => ({ ...long(ns), unsigned: true }),
    int: long,
    bytes: (value) => value,
    double: (value) => value,
  },
  json: {
    id: (hex) => hex,
    time: String,
    int: String,
    bytes: (value) => Buffer.from(value).toString("base64"),
    double: (value) => (Number.isFinite(value) ? value : String(value)),
  },
};

export function spanBody(encoding: OtlpEncoding, spans: readonly SpanDraft[], origin: OriginDraft = {}): Uint8Array {
  const write = WRITERS[encoding];
  const items = spans.map((span) => ({
    traceId: write.id(span.traceId ?? TRACE_ID),
    spanId: write.id(span.spanId ?? SPAN_ID),
    parentSpanId: write.id(span.parentSpanId ?? ""),
    name: span.name ?? "span",
    startTimeUnixNano: write.time(span.startNs ?? START_NS),
    endTimeUnixNano: write.time(span.endNs ?? (span.startNs ?? START_NS) + 1_000_000n),
    attributes: pairs(write, span.attributes),
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      timeUnixNano: write.time(event.timeNs ?? START_NS),
      attributes: pairs(write, event.attributes),
    })),
    links: (span.links ?? []).map((link) => ({ traceId: write.id(link.traceId), spanId: write.id(link.spanId) })),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? "" },
  }));
  return envelope(encoding, ["resourceSpans", "scopeSpans", "spans"], WIRE.span, items, origin);
}

export function logBody(encoding: OtlpEncoding, records: readonly LogDraft[], origin: OriginDraft = {}): Uint8Array {
  const write = WRITERS[encoding];
  const items = records.map((record) => ({
    traceId: write.id(record.traceId ?? ""),
    spanId: write.id(record.spanId ?? ""),
    eventName: record.eventName ?? "",
    timeUnixNano: write.time(record.timeNs ?? START_NS),
    ...(record.body !== undefined && { body: anyValue(write, record.body) }),
    attributes: pairs(write, record.attributes),
  }));
  return envelope(encoding, ["resourceLogs", "scopeLogs", "logRecords"], WIRE.logRecord, items, origin);
}

/** One sum a point. */
export function metricBody(
  encoding: OtlpEncoding,
  points: readonly PointDraft[],
  origin: OriginDraft = {},
): Uint8Array {
  const write = WRITERS[encoding];
  const items = points.map((point) => ({
    name: point.metric,
    unit: point.unit ?? "",
    sum: {
      aggregationTemporality: point.cumulative ? 2 : 1,
      isMonotonic: true,
      dataPoints: [
        {
          startTimeUnixNano: write.time(point.startNs ?? START_NS),
          timeUnixNano: write.time(point.timeNs ?? START_NS + 60_000_000_000n),
          ...(typeof point.value === "bigint"
            ? { asInt: write.int(point.value) }
            : { asDouble: write.double(point.value) }),
          attributes: pairs(write, point.attributes),
        },
      ],
    },
  }));
  return envelope(encoding, ["resourceMetrics", "scopeMetrics", "metrics"], WIRE.metric, items, origin);
}

function envelope(
  encoding: OtlpEncoding,
  [groups, scopes, items]: readonly [string, string, string],
  type: typeof WIRE.span,
  drafts: readonly object[],
  origin: OriginDraft,
): Uint8Array {
  const write = WRITERS[encoding];
  const resource = { attributes: pairs(write, origin.resource) };
  const scope = { name: origin.scope ?? "", version: origin.version ?? "", attributes: [] };
  if (encoding === "json") {
    const text = JSON.stringify({ [groups]: [{ resource, [scopes]: [{ scope, [items]: drafts }] }] });
    return new TextEncoder().encode(text);
  }
  const scopeGroup = {
    scope: WIRE.scope.encode(scope).finish(),
    items: drafts.map((draft) => type.encode(draft).finish()),
  };
  const group = { resource: WIRE.resource.encode(resource).finish(), scopes: [scopeGroup] };
  return WIRE.export.encode({ groups: [group] }).finish();
}

const pairs = (write: Writer, attributes: AttributeMap = {}) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(write, value) }));

function anyValue(write: Writer, value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "bigint") return { intValue: write.int(value) };
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? { intValue: write.int(BigInt(value)) } : { doubleValue: write.double(value) };
  }
  if (isList(value)) return { arrayValue: { values: value.map((item) => anyValue(write, item)) } };
  if ("double" in value) return { doubleValue: write.double(value.double) };
  if ("bytes" in value) return { bytesValue: write.bytes(value.bytes) };
  return { kvlistValue: { values: pairs(write, value.map) } };
}

const isList = (value: AttributeValue): value is readonly AttributeValue[] => Array.isArray(value);
