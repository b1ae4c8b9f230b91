import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  type AttributeValue,
  logBody,
  metricBody,
  spanBody,
  SPAN_ID,
  START_NS,
  TRACE_ID,
} from "@/lib/testing/otlp-bodies";

import { decodeLogs, decodePoints, decodeSpans, type OtlpEncoding } from "./decode";
import { TRACE_LIMITS } from "./limits";
import type { Decoded } from "./otlp";
import { WIRE } from "./otlp-wire";
import { partialSuccessMessage } from "./rejections";

const ENCODINGS: readonly OtlpEncoding[] = ["protobuf", "json"];
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function taken<T>(decoded: Decoded<T>) {
  if (!decoded.ok) throw new Error(decoded.fault.message);
  return decoded;
}

/** A body of one span whose fields are given as JSON. */
const jsonSpan = (span: object) =>
  bytesOf({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              { traceId: TRACE_ID, spanId: SPAN_ID, name: "a", startTimeUnixNano: "1", endTimeUnixNano: "2", ...span },
            ],
          },
        ],
      },
    ],
  });
const attributesOf = (span: object) => taken(decodeSpans("json", jsonSpan(span))).items[0]?.attributes;

describe("both encodings", () => {
  const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double().map((double) => ({ double: Object.is(double, -0) ? 0 : double })),
      fc.boolean(),
      fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ bytes })),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 5 }), tie("value"), { maxKeys: 3 }).map((map) => ({ map })),
    ),
  })).value;
  const time = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  const attributes = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), value, { maxKeys: 6 });
  const hex = (digits: number) =>
    fc
      .array(fc.constantFrom(..."0123456789abcdef"), { minLength: digits, maxLength: digits })
      .map((all) => all.join(""))
      .filter((id) => /[1-9a-f]/.test(id));
  const span = fc.record({
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: fc.oneof(fc.constant(""), hex(16)),
    name: fc.string({ maxLength: 30 }),
    startNs: time,
    endNs: time,
    attributes,
    events: fc.array(fc.record({ name: fc.string(), timeNs: time, attributes }), { maxLength: 2 }),
    links: fc.array(fc.record({ traceId: hex(32), spanId: hex(16) }), { maxLength: 2 }),
    status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: fc.string() }),
  });

  test("give the same spans", () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), attributes, (spans, resource) => {
        const origin = { resource, scope: "scope", version: "1.2.3" };
        const [first, second] = ENCODINGS.map((encoding) =>
          taken(decodeSpans(encoding, spanBody(encoding, spans, origin))),
        );
        expect(second?.items).toEqual(first?.items);
        expect(first?.items).toHaveLength(spans.length);
      }),
      { numRuns: 150 },
    );
  });

  test("give the same log records and points", () => {
    fc.assert(
      fc.property(
        attributes,
        value,
        fc.bigInt({ min: 0n, max: 2n ** 62n }),
        fc.boolean(),
        (said, body, at, cumulative) => {
          const [log, sameLog] = ENCODINGS.map((encoding) =>
            taken(decodeLogs(encoding, logBody(encoding, [{ attributes: said, body, timeNs: at, eventName: "e" }]))),
          );
          expect(sameLog?.items).toEqual(log?.items);
          const [point, samePoint] = ENCODINGS.map((encoding) =>
            taken(
              decodePoints(
                encoding,
                metricBody(encoding, [{ metric: "m", cumulative, value: at, attributes: said, timeNs: at }]),
              ),
            ),
          );
          expect(samePoint?.items).toEqual(point?.items);
          expect(point?.items[0]?.value).toBe(String(at));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("keep 64-bit numbers exactly, in JSON also where they are written as numbers", () => {
    for (const extreme of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 0n, -1n]) {
      for (const encoding of ENCODINGS) {
        const decoded = taken(decodeSpans(encoding, spanBody(encoding, [{ attributes: { extreme } }])));
        expect(String(decoded.items[0]?.attributes.get("extreme"))).toBe(String(extreme));
      }
    }
    const body = new TextDecoder().decode(jsonSpan({}));
    const written = body.replace('"startTimeUnixNano":"1"', `"startTimeUnixNano": ${START_NS}`);
    expect(taken(decodeSpans("json", new TextEncoder().encode(written))).items[0]?.startNs).toBe(String(START_NS));
  });

  test("leave texts alone that look like a number of OTLP", () => {
    const text = '"intValue":12345678901234567890, "startTimeUnixNano": 1795173973948000123 \\';
    expect(attributesOf({ attributes: [{ key: "text", value: { stringValue: text } }] })?.get("text")).toBe(text);
  });
});

describe("JSON", () => {
  test("takes numbers as text, enums by name, ids in capitals, null and unknown fields", () => {
    const body = jsonSpan({
      traceId: TRACE_ID.toUpperCase(),
      kind: "SPAN_KIND_CLIENT",
      status: { code: "STATUS_CODE_ERROR" },
      parentSpanId: null,
      links: null,
      fromTheFuture: { a: [1] },
      attributes: [
        { key: "int", value: { intValue: "1200" } },
        { key: "number", value: { intValue: 1200 } },
        { key: "double", value: { doubleValue: "1.5" } },
        { key: "nan", value: { doubleValue: "NaN" } },
        { key: "bytes", value: { bytesValue: "_-8" } },
        { key: "nothing", value: {} },
      ],
    });
    const [span] = taken(decodeSpans("json", body)).items;
    expect(span).toMatchObject({ traceId: TRACE_ID, statusCode: 2, parentSpanId: null, links: [] });
    expect([...(span?.attributes ?? [])]).toEqual([
      ["int", 1200],
      ["number", 1200],
      ["double", 1.5],
      ["nan", "NaN"],
      ["bytes", "/+8="],
      ["nothing", null],
    ]);
  });

  test.each([
    ["no JSON", new TextEncoder().encode('{"resourceSpans":['), "malformed_json"],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "malformed_json"],
    ["logs", bytesOf({ resourceLogs: [] }), "wrong_signal"],
    ["names of protobuf", bytesOf({ resource_spans: [] }), "unexpected_shape"],
    ["a list", bytesOf([]), "unexpected_shape"],
    ["groups as an object", bytesOf({ resourceSpans: {} }), "unexpected_shape"],
    ["deep nesting", new TextEncoder().encode("[".repeat(1_000_000)), "malformed_json"],
  ])("answers %s with a fault of the body", (_, body, code) => {
    expect(decodeSpans("json", body)).toMatchObject({ ok: false, fault: { code } });
  });

  test("takes an empty export", () => {
    expect(decodeSpans("json", bytesOf({}))).toMatchObject({ ok: true, items: [] });
    expect(decodeSpans("protobuf", new Uint8Array())).toMatchObject({ ok: true, items: [] });
  });
});

describe("a faulty span", () => {
  const good = { spanId: "00000000000000aa", name: "good" };
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
  const FAULTS = [
    ["trace id too short", { traceId: "0af7" }, "trace_id_invalid"],
    ["trace id of zeros", { traceId: "0".repeat(32) }, "trace_id_invalid"],
    ["no span id", { spanId: "" }, "span_id_invalid"],
    ["span id too long", { spanId: "b7ad6b7169203331aa" }, "span_id_invalid"],
    ["parent id too short", { parentSpanId: "b7" }, "parent_id_invalid"],
    ["name too long", { name: "n".repeat(TRACE_LIMITS.name + 1) }, "name_too_long"],
    ["key too long", { attributes: { ["k".repeat(TRACE_LIMITS.key + 1)]: 1 } }, "key_too_long"],
    ["too many attributes", { attributes: many(TRACE_LIMITS.attributes + 1) }, "too_many_attributes"],
    ["time after 2262", { startNs: 2n ** 63n }, "time_invalid"],
    [
      "too many values",
      { attributes: { list: Array.from({ length: TRACE_LIMITS.values + 1 }, () => true) } },
      "too_many_values",
    ],
    [
      "too many events",
      { events: Array.from({ length: TRACE_LIMITS.events + 1 }, () => ({ name: "e" })) },
      "too_many_events",
    ],
  ] as const;

  test.each(FAULTS)("is refused alone: %s", (_, fault, code) => {
    for (const encoding of ENCODINGS) {
      const decoded = taken(decodeSpans(encoding, spanBody(encoding, [good, fault, good])));
      expect(decoded.items.map(({ name }) => name)).toEqual(["good", "good"]);
      expect([...decoded.rejected.byCode]).toEqual([[code, 1]]);
      expect(partialSuccessMessage(decoded.rejected)).toContain(code);
    }
  });

  test.each([63, 64, 99, 100_000])("of %s levels is taken below 64 alone", (depth) => {
    for (const body of [deepProtobuf(depth), deepJson(depth)]) {
      const encoding = body[0] === 0x7b ? "json" : "protobuf";
      const { items, rejected } = taken(decodeSpans(encoding, body));
      expect([items.length, rejected.byCode.get("too_deep") ?? 0]).toEqual(depth < 64 ? [2, 0] : [1, 1]);
    }
  });

  test("is refused alone where its bytes or its JSON are broken", () => {
    const broken = WIRE.export.decode(spanBody("protobuf", [good, good, good])) as unknown as {
      groups: { scopes: { items: Uint8Array[] }[] }[];
    };
    broken.groups[0]?.scopes[0]?.items.splice(1, 1, Uint8Array.of(0x0a, 0x7f, 1, 2));
    const decoded = taken(decodeSpans("protobuf", WIRE.export.encode(broken).finish()));
    expect(decoded.items).toHaveLength(2);
    expect([...decoded.rejected.byCode]).toEqual([["malformed", 1]]);

    for (const [span, code] of [
      [7, "malformed"],
      [{ attributes: { a: 1 } }, "attributes_not_a_list"],
      [{ traceId: "zz" }, "malformed"],
      [{ attributes: [{ key: "a", value: { intValue: "1.5" } }] }, "number_invalid"],
      [{ attributes: [{ key: "a", value: "text" }] }, "malformed"],
    ] as const) {
      const text = new TextDecoder().decode(jsonSpan(typeof span === "object" ? span : {}));
      const body = typeof span === "object" ? text : text.replace(/"spans":\[.*?\]/, '"spans":[7]');
      expect([...taken(decodeSpans("json", new TextEncoder().encode(body))).rejected.byCode]).toEqual([[code, 1]]);
    }
  });

  test("a faulty resource costs the spans below it alone", () => {
    const body = {
      resourceSpans: [
        { resource: { attributes: { a: 1 } }, scopeSpans: [{ spans: [{}, {}] }] },
        { scopeSpans: [{ spans: [{ traceId: TRACE_ID, spanId: SPAN_ID }] }] },
      ],
    };
    const decoded = taken(decodeSpans("json", bytesOf(body)));
    expect(decoded.items).toHaveLength(1);
    expect([...decoded.rejected.byCode]).toEqual([["attributes_not_a_list", 2]]);
  });
});

describe("hostile bodies", () => {
  test("cut anywhere are a value, never an exception", () => {
    const body = spanBody("protobuf", [{ attributes: { a: [1, { map: { b: "c" } }] }, events: [{ name: "e" }] }], {
      resource: { "service.name": "s" },
      scope: "x",
    });
    for (let length = 0; length <= body.length; length += 1) {
      for (const decode of [decodeSpans, decodeLogs, decodePoints]) {
        expect(typeof decode("protobuf", body.subarray(0, length)).ok).toBe("boolean");
        expect(typeof decode("json", body.subarray(0, length)).ok).toBe("boolean");
      }
    }
  });

  test("of random bytes, and with random bytes changed, are a value", () => {
    const body = spanBody("protobuf", [{ attributes: { a: "text", n: 1 } }, { name: "b" }]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(body.length - 1), fc.nat(255), (bytes, at, byte) => {
        const changed = Uint8Array.from(body);
        changed[at] = byte;
        for (const decode of [decodeSpans, decodeLogs, decodePoints]) {
          expect(typeof decode("protobuf", bytes).ok).toBe("boolean");
          expect(typeof decode("protobuf", changed).ok).toBe("boolean");
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["a million attributes in protobuf", "protobuf", () => frame(1, frame(2, frame(2, wideSpan()))), 1],
    ["a million attributes in JSON", "json", () => wideJson(), 1],
    [
      "a million empty spans in protobuf",
      "protobuf",
      () => frame(1, frame(2, repeated(Uint8Array.of(0x12, 0)))),
      MILLION,
    ],
    ["a million empty groups", "protobuf", () => repeated(Uint8Array.of(0x0a, 0)), 0],
    ["a million empty spans in JSON", "json", () => emptyJson(), MILLION],
  ] as const)("of %s end in a moment", (_, encoding, make, rejected) => {
    const body = make();
    const started = performance.now();
    const decoded = taken(decodeSpans(encoding, body));
    const took = performance.now() - started;
    expect(decoded.items).toEqual([]);
    expect(decoded.rejected.count).toBe(rejected);
    // A busy machine takes its time; what is not linear takes minutes.
    expect(took).toBeLessThan(10_000);
    if (took > 1_000) process.stderr.write(`${Math.round(took)} ms\n`);
  });

  test("have U+0000 and half pairs made visible, long texts cut and dangerous keys left out", () => {
    const body = jsonSpan({
      name: "a\u0000b",
      attributes: [
        { key: "nul\u0000", value: { stringValue: "x\u0000y" } },
        { key: "half", value: { stringValue: "\ud800" } },
        { key: "__proto__", value: { stringValue: "p" } },
        { key: "map", value: { kvlistValue: { values: [{ key: "constructor", value: { intValue: 1 } }] } } },
        { key: "long", value: { stringValue: "z".repeat(TRACE_LIMITS.text + 5) } },
      ],
    });
    const [span] = taken(decodeSpans("json", body)).items;
    expect(span?.name).toBe("a\\u0000b");
    expect(span?.attributes.get("nul\\u0000")).toBe("x\\u0000y");
    expect(span?.attributes.get("half")).toBe("\ufffd");
    expect(span?.attributes.has("__proto__")).toBe(false);
    expect(span?.attributes.get("map")).toEqual({});
    expect(String(span?.attributes.get("long")).endsWith("… (5 more characters)")).toBe(true);
    expect(span?.flags.toSorted()).toEqual(["characters_replaced", "key_blocked", "value_cut"]);
    expect(Object.hasOwn(Object.prototype, "p")).toBe(false);
  });

  test("may claim to be from 1970 or 2090", () => {
    const spans = [{ startNs: 1n }, { startNs: 3_800_000_000_000_000_000n }];
    for (const encoding of ENCODINGS) {
      const { items } = taken(decodeSpans(encoding, spanBody(encoding, spans)));
      expect(items.map(({ startNs }) => startNs)).toEqual(["1", "3800000000000000000"]);
    }
  });
});

function headOf(field: number, length: number): number[] {
  const head = [(field << 3) | 2];
  let rest = length;
  for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  head.push(rest);
  return head;
}

/** A length-delimited field. */
function frame(field: number, bytes: Uint8Array): Uint8Array {
  const head = headOf(field, bytes.length);
  const framed = new Uint8Array(head.length + bytes.length);
  framed.set(head);
  framed.set(bytes, head.length);
  return framed;
}

const IDS = { traceId: Buffer.from(TRACE_ID, "hex"), spanId: Buffer.from(SPAN_ID, "hex") };

/** A span whose attribute is an array in an array, and a good one. Written from the inside, since lengths come first. */
function deepProtobuf(depth: number): Uint8Array {
  const heads: number[][] = [];
  let length = 3;
  for (let level = 0; level < 2 * depth; level += 1) {
    // Of an `AnyValue` the array, and of the array a value.
    const head = headOf(level % 2 === 0 ? 1 : 5, length);
    heads.push(head);
    length += head.length;
  }
  const value = Uint8Array.from([...heads.toReversed().flat(), 0x0a, 1, 0x78]);
  const attribute = frame(9, Uint8Array.from([0x0a, 1, 0x6b, ...frame(2, value)]));
  const span = WIRE.span.encode(IDS).finish();
  return frame(1, frame(2, Buffer.concat([frame(2, Buffer.concat([span, attribute])), frame(2, span)])));
}

function deepJson(depth: number): Uint8Array {
  const value = `${'{"arrayValue":{"values":['.repeat(depth)}{"stringValue":"x"}${"]}}".repeat(depth)}`;
  const ids = `"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}"`;
  const spans = `{${ids},"attributes":[{"key":"k","value":${value}}]},{${ids}}`;
  return new TextEncoder().encode(`{"resourceSpans":[{"scopeSpans":[{"spans":[${spans}]}]}]}`);
}

const MILLION = 1_000_000;

function repeated(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(bytes.length * MILLION);
  for (let at = 0; at < all.length; at += bytes.length) all.set(bytes, at);
  return all;
}

function wideSpan(): Uint8Array {
  const attribute = frame(9, Uint8Array.from([...frame(1, new TextEncoder().encode("k")), 0x12, 2, 0x10, 1]));
  const ids = WIRE.span.encode({ traceId: Buffer.from(TRACE_ID, "hex"), spanId: Buffer.from(SPAN_ID, "hex") }).finish();
  return Buffer.concat([ids, repeated(attribute)]);
}

function wideJson(): Uint8Array {
  const attribute = '{"key":"k","value":{"boolValue":true}}';
  const attributes = `${`${attribute},`.repeat(MILLION - 1)}${attribute}`;
  const span = `{"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}","attributes":[${attributes}]}`;
  return new TextEncoder().encode(`{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`);
}

function emptyJson(): Uint8Array {
  return new TextEncoder().encode(`{"resourceSpans":[{"scopeSpans":[{"spans":[${"{},".repeat(MILLION - 1)}{}]}]}]}`);
}
