import { createHash } from "node:crypto";

/** A value of an attribute. Numbers are whole unless they have a fraction. */
type Value = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, Value | undefined>>;

/** A span of the demo; times in milliseconds since 1970. */
export type DemoSpan = {
  readonly trace: string;
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly attributes: Attributes;
  readonly error?: string;
};

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;
const ERROR_STATUS = 2;

const digest = (name: string): string => createHash("sha256").update(name).digest("hex");

/** The ids of the demo's traces and spans are made from their names, so that each start has the same. */
export const traceIdOf = (name: string): string => digest(name).slice(0, TRACE_DIGITS);
export const spanIdOf = (name: string): string => digest(`span ${name}`).slice(0, SPAN_DIGITS);

/** An OTLP export as JSON. */
export function otlpBody(resource: Attributes, scope: string, version: string, spans: readonly DemoSpan[]): Uint8Array {
  const group = {
    resource: { attributes: pairsOf(resource) },
    scopeSpans: [{ scope: { name: scope, version }, spans: spans.map(itemOf) }],
  };
  return new TextEncoder().encode(JSON.stringify({ resourceSpans: [group] }));
}

function itemOf({ trace, id, parent, name, from, to, attributes, error }: DemoSpan) {
  return {
    traceId: trace,
    spanId: id,
    ...(parent !== null && { parentSpanId: parent }),
    name,
    kind: 1,
    startTimeUnixNano: nanos(from),
    endTimeUnixNano: nanos(Math.max(from, to)),
    attributes: pairsOf(attributes),
    status: error === undefined ? {} : { code: ERROR_STATUS, message: error },
  };
}

const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);

const pairsOf = (attributes: Attributes) =>
  Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: anyValue(value) }]));

function anyValue(value: Value) {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } };
}
