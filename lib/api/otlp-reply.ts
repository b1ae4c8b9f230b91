import type { OtlpEncoding } from "@/lib/core/traces/decode";
import type { Rejections } from "@/lib/core/traces/otlp";
import { partialSuccessMessage } from "@/lib/core/traces/rejections";

/*
 * The two messages that OTLP answers with, each in the encoding of its question. They are small enough to be written by
 * hand. @source opentelemetry-proto collector/*_service.proto; google/rpc/status.proto
 */

/** What an export left out is called in its answer. */
export type RejectedField = "rejectedSpans" | "rejectedLogRecords" | "rejectedDataPoints";

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};
export const contentTypeOf = (encoding: OtlpEncoding): string => CONTENT_TYPES[encoding];

const VARINT = 0;
const LENGTH = 2;

/** `Export…ServiceResponse`: empty, or with what was left out and why. */
export function exportReply(encoding: OtlpEncoding, field: RejectedField, rejected: Rejections): Buffer {
  const errorMessage = partialSuccessMessage(rejected);
  if (encoding === "json") {
    const partialSuccess = { [field]: String(rejected.count), errorMessage };
    return Buffer.from(JSON.stringify(rejected.count === 0 ? {} : { partialSuccess }));
  }
  if (rejected.count === 0) return Buffer.alloc(0);
  return bytes(1, Buffer.concat([tag(1, VARINT), varint(rejected.count), text(2, errorMessage)]));
}

/** google.rpc.Status codes by HTTP status. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  408: 4,
  413: 8,
  415: 3,
  429: 8,
  503: 14,
};
const INTERNAL = 13;

export const rpcCodeOf = (status: number): number => RPC_CODES[status] ?? INTERNAL;

/** `google.rpc.Status` of a refusal. */
export function statusReply(encoding: OtlpEncoding, status: number, message: string): Buffer {
  const code = rpcCodeOf(status);
  if (encoding === "json") return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([tag(1, VARINT), varint(code), text(2, message)]);
}

const tag = (field: number, type: number) => varint(field * 8 + type);
const text = (field: number, value: string) => bytes(field, Buffer.from(value, "utf8"));
const bytes = (field: number, value: Buffer) => Buffer.concat([tag(field, LENGTH), varint(value.byteLength), value]);

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
  return Buffer.from(out);
}
