import type { Json } from "@/lib/core/shared/json";

import type { EventFlag } from "./event";

/** Attributes as read: numbers that are not safe integers are decimal text, bytes are Base64 text. */
export type Attributes = ReadonlyMap<string, Json>;

/** What sent an item: the process, and the library inside it. */
export type Origin = {
  readonly resource: Attributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly scope: Attributes;
};

export type OtlpSpanEvent = { readonly name: string; readonly timeNs: string; readonly attributes: Attributes };
export type OtlpLink = { readonly traceId: string; readonly spanId: string };

/** A span, the same whether it came as protobuf or as JSON. Ids are lower-case hex, times decimal nanoseconds. */
export type OtlpSpan = {
  readonly origin: Origin;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly startNs: string;
  readonly endNs: string;
  readonly attributes: Attributes;
  readonly events: readonly OtlpSpanEvent[];
  readonly links: readonly OtlpLink[];
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly flags: readonly EventFlag[];
};

export type OtlpLogRecord = {
  readonly origin: Origin;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly eventName: string;
  readonly timeNs: string;
  readonly observedNs: string;
  /** 1 to 24; 17 and above are errors. */
  readonly severity: number;
  readonly body: Json;
  readonly attributes: Attributes;
  readonly flags: readonly EventFlag[];
};

/** One number of one metric. Of a histogram, the sum and how many values it is of. */
export type OtlpPoint = {
  readonly origin: Origin;
  readonly metric: string;
  readonly unit: string;
  readonly temporality: "delta" | "cumulative" | "gauge";
  readonly monotonic: boolean;
  readonly startNs: string;
  readonly timeNs: string;
  /** As decimal text. */
  readonly value: string;
  readonly count: string | null;
  readonly attributes: Attributes;
  readonly flags: readonly EventFlag[];
};

/** Why one item was not taken. The codes are stable; the sentence is for the person who runs the exporter. */
export const REJECTION_CODES = [
  "malformed",
  "too_many_items",
  "too_large",
  "trace_id_invalid",
  "span_id_invalid",
  "parent_id_invalid",
  "name_too_long",
  "key_too_long",
  "attributes_not_a_list",
  "not_an_object",
  "too_many_attributes",
  "too_many_events",
  "too_many_links",
  "too_deep",
  "too_many_values",
  "time_invalid",
  "number_invalid",
  "tokens_out_of_range",
  "cost_out_of_range",
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

export type Rejection = { readonly code: RejectionCode; readonly message: string };

/** A body that holds nothing we can read, for a 400. */
export type BodyFault = {
  readonly code: "malformed_json" | "malformed_protobuf" | "wrong_signal" | "unexpected_shape";
  readonly message: string;
};

/** The items of a body in its order, and what was left out; or why the whole body cannot be read. */
export type Decoded<T> =
  | { readonly ok: true; readonly items: readonly T[]; readonly rejected: Rejections }
  | { readonly ok: false; readonly fault: BodyFault };

/** A body of which only a part is about agents: the other items are counted by name, not refused. */
export type Sifted<T> =
  | {
      readonly ok: true;
      readonly items: readonly T[];
      readonly rejected: Rejections;
      readonly passedOver: ReadonlyMap<string, number>;
    }
  | { readonly ok: false; readonly fault: BodyFault };

/** Everything that was not taken, counted by reason; the first sentences are kept word for word. */
export type Rejections = {
  readonly count: number;
  readonly byCode: ReadonlyMap<RejectionCode, number>;
  readonly first: readonly Rejection[];
};
