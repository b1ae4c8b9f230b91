import protobuf from "protobufjs";

import { TRACE_LIMITS } from "./limits";

/**
 * OTLP as far as it is read, compatible with its wire format. The three signals nest alike, so one outer message serves
 * them all, and what is inside it is `bytes`: each span is decoded by itself, and one that is broken is refused alone.
 * Where OTLP says `oneof` there are plain fields, since clearing the others is half of the time of decoding.
 *
 * @source opentelemetry-proto 1.7: trace/v1, logs/v1, metrics/v1, common/v1
 */
const DEFINITIONS = `
edition = "2023";
option features.utf8_validation = NONE;

message Export { repeated Group groups = 1; }
message Group { bytes resource = 1; repeated ScopeGroup scopes = 2; }
message ScopeGroup { bytes scope = 1; repeated bytes items = 2; }

message Resource { repeated KeyValue attributes = 1; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  string string_value = 1;
  bool bool_value = 2;
  int64 int_value = 3;
  double double_value = 4;
  ArrayValue array_value = 5;
  KeyValueList kvlist_value = 6;
  bytes bytes_value = 7;
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }

message Span {
  bytes trace_id = 1;
  bytes span_id = 2;
  bytes parent_span_id = 4;
  string name = 5;
  fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9;
  repeated SpanEvent events = 11;
  repeated Link links = 13;
  Status status = 15;
}
message SpanEvent { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; int32 code = 3; }

message LogRecord {
  fixed64 time_unix_nano = 1;
  int32 severity_number = 2;
  AnyValue body = 5;
  repeated KeyValue attributes = 6;
  bytes trace_id = 9;
  bytes span_id = 10;
  fixed64 observed_time_unix_nano = 11;
  string event_name = 12;
}

message Metric {
  string name = 1;
  string unit = 3;
  Numbers gauge = 5;
  Numbers sum = 7;
  Histogram histogram = 9;
  ExponentialHistogram exponential_histogram = 10;
  Summary summary = 11;
}
message Numbers { repeated NumberPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Histogram { repeated HistogramPoint data_points = 1; int32 aggregation_temporality = 2; }
message ExponentialHistogram { repeated ExponentialPoint data_points = 1; int32 aggregation_temporality = 2; }
message Summary { repeated SummaryPoint data_points = 1; }
message NumberPoint {
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  double as_double = 4;
  sfixed64 as_int = 6;
  repeated KeyValue attributes = 7;
}
message HistogramPoint {
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  fixed64 count = 4;
  double sum = 5;
  repeated KeyValue attributes = 9;
}
message ExponentialPoint {
  repeated KeyValue attributes = 1;
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  fixed64 count = 4;
  double sum = 5;
}
message SummaryPoint {
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  fixed64 count = 4;
  double sum = 6;
  repeated KeyValue attributes = 7;
}
`;

/** A value inside an array is two messages further down; a few more lie around the outermost. */
protobuf.Reader.recursionLimit = 2 * TRACE_LIMITS.depth + 8;

const root = protobuf.parse(DEFINITIONS, new protobuf.Root()).root;

/** The messages of OTLP. `decode` throws on bytes that are none; fields have the names of OTLP's JSON. */
export const WIRE = {
  /** For writing one; reading is `cutExport`. */
  export: root.lookupType("Export"),
  resource: root.lookupType("Resource"),
  scope: root.lookupType("Scope"),
  span: root.lookupType("Span"),
  logRecord: root.lookupType("LogRecord"),
  metric: root.lookupType("Metric"),
};

/** What an export holds, undecoded. */
export type WireExport = {
  readonly groups: readonly WireGroup[];
  /** Items beyond the limits, counted and not kept. */
  readonly skipped: number;
};
export type WireGroup = { readonly resource: Uint8Array; readonly scope: Uint8Array; readonly items: Uint8Array[] };

const LENGTH_DELIMITED = 2;
const NOTHING: Uint8Array = new Uint8Array();

/**
 * Cuts an export into its items. By hand and not by `Export`, since an item can be two bytes and a body ten million of
 * them: what is over the limits is skipped here, before anything is made of it. Throws as protobufjs does.
 */
export function cutExport(body: Uint8Array): WireExport {
  const groups: WireGroup[] = [];
  let [items, skipped] = [0, 0];
  eachField(body, (field, group) => {
    if (field !== 1) return;
    let resource = NOTHING;
    const scopes: Uint8Array[] = [];
    eachField(group, (inner, bytes) => {
      if (inner === 1) resource = bytes;
      else if (inner === 2 && bytes.length > 0) scopes.push(bytes);
    });
    for (const bytes of scopes) cutScope(resource, bytes);
  });
  return { groups, skipped };

  function cutScope(resource: Uint8Array, bytes: Uint8Array): void {
    const group = { resource, scope: NOTHING, items: [] as Uint8Array[] };
    const before = items;
    eachField(bytes, (field, item) => {
      if (field === 1) group.scope = item;
      if (field !== 2) return;
      if (items >= TRACE_LIMITS.items || groups.length >= TRACE_LIMITS.scopes) skipped += 1;
      else items = group.items.push(item) + before;
    });
    if (group.items.length > 0) groups.push(group);
  }
}

/** Every field of a message that has bytes of its own, in order. */
function eachField(message: Uint8Array, visit: (field: number, bytes: Uint8Array) => void): void {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) !== LENGTH_DELIMITED) {
      reader.skipType(tag & 7, 0, tag >>> 3);
      continue;
    }
    const length = reader.uint32();
    const start = reader.pos;
    reader.skip(length);
    visit(tag >>> 3, length === 0 ? NOTHING : message.subarray(start, start + length));
  }
}

/** How many fields a message has, without decoding them; stops behind `most`. */
export function countFields(message: Uint8Array, most: number): number {
  const reader = protobuf.Reader.create(message);
  let count = 0;
  while (reader.pos < reader.len && count <= most) {
    const tag = reader.uint32();
    reader.skipType(tag & 7, 0, tag >>> 3);
    count += 1;
  }
  return count;
}
