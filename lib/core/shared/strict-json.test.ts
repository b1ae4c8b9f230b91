import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";

import { isJsonArray, isJsonObject } from "./json";
import { LIMITS, readStrictJson } from "./strict-json";

/** Any code point but a surrogate, small ones often. The `binary` unit of fast-check takes a second to set up. */
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

/** The value, or a failure that shows the fault. */
function read(text: string) {
  const result = readStrictJson(text);
  if (!result.ok) throw new Error(JSON.stringify(result.fault));
  return result.value;
}

const fault = (text: string) => {
  const result = readStrictJson(text);
  return result.ok ? null : result.fault;
};

/** JSON without minus zero and `__proto__`, which are refused on purpose. */
const anyJson = fc.jsonValue({ maxDepth: 6, stringUnit: anyCharacter }).map((value) => {
  const text = JSON.stringify(value).replaceAll("__proto__", "proto").replaceAll("\\u0000", "0");
  return { text, value: JSON.parse(text) };
});

describe("readStrictJson", () => {
  test.each([
    ["null", null],
    [" true ", true],
    ["false", false],
    ["0", 0],
    ["-1", -1],
    ['""', ""],
    ["[]", []],
    ["{}", {}],
    ["\t\r\n [ 1 , 2 ] \n", [1, 2]],
    ['{"b":{"a":[{"c":null}]},"1":2}', { b: { a: [{ c: null }] }, 1: 2 }],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9"', '"\\/\b\f\n\r\tA\u00e9'],
    ['"\\ud83d\\ude02 \u{1f602} \\uD83D\\uDE02"', "😂 😂 😂"],
    ['"\u007f\u0080\u2028\u2029\uffff"', "\u007f\u0080\u2028\u2029\uffff"],
  ])("reads %s", (text, value) => {
    expect(read(text)).toStrictEqual(value);
  });

  test("reads what JSON.parse reads from any document within the limits", () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(undefined, 1, "\t"), ({ text, value }, indent) => {
        expect(read(text)).toStrictEqual(value);
        expect(read(JSON.stringify(value, null, indent))).toStrictEqual(value);
      }),
    );
  });

  test("accepts nothing that JSON.parse refuses, however a document is damaged", () => {
    const inserted = fc.constantFrom("", '"', "\\", "{", "]", ",", ":", "0", "e", "-", "\u0000", " ");
    const damage = fc.tuple(fc.nat(), fc.nat({ max: 2 }), inserted);
    fc.assert(
      fc.property(anyJson, damage, ({ text }, [place, length, insert]) => {
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + insert + text.slice(at + length);
        const result = readStrictJson(damaged);
        expect(result.ok ? result.value : null).toStrictEqual(result.ok ? JSON.parse(damaged) : null);
      }),
      { numRuns: 2_000 },
    );
  });

  test("never throws, whatever the text", () => {
    const junk = fc.array(fc.constantFrom(...'{}[]:,"\\ue0123456789.+-tfn \u0000\ud800\udfff'), { maxLength: 40 });
    fc.assert(
      fc.property(junk, (characters) => {
        const result = readStrictJson(characters.join(""));
        expect(result.ok || result.fault.path.isWellFormed()).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("gives objects that Zod, JSON.stringify and structuredClone take for plain ones", () => {
    const text = '{"constructor":1,"toString":{"valueOf":2},"hasOwnProperty":[3]}';
    const value = read(text);
    const schema = z.strictObject({
      constructor: z.number(),
      toString: z.strictObject({ valueOf: z.number() }),
      hasOwnProperty: z.array(z.number()),
    });
    expect(JSON.stringify(value)).toBe(text);
    expect(structuredClone(value)).toStrictEqual(value);
    expect(schema.parse(value)).toEqual(value);
    expect(z.record(z.string(), z.json()).parse(value)).toEqual(value);
  });

  test("reads inherited names where Object.prototype is frozen", () => {
    // A prototype with read-only properties stands in for a frozen Object.prototype, which would outlive this test.
    const original = Object.getOwnPropertyDescriptor(Object.prototype, "toString");
    Object.defineProperty(Object.prototype, "toString", { ...original, writable: false });
    try {
      expect(Object.entries(read('{"toString":1}') ?? {})).toEqual([["toString", 1]]);
    } finally {
      Object.defineProperty(Object.prototype, "toString", { ...original });
    }
  });

  test.each([
    ["", 1, 1],
    ["  ", 1, 3],
    ["[1,]", 1, 4],
    ['{"a":1,}', 1, 8],
    ["{a:1}", 1, 2],
    ['{"a" 1}', 1, 6],
    ["[1 2]", 1, 4],
    ["[1\n,\r\n2\r3]", 4, 1],
    ['"\n"', 1, 2],
    ['"a', 1, 3],
    ['"\\x"', 1, 2],
    ['"\\u12g4"', 1, 2],
    ['"\\u 123"', 1, 2],
    ['"\\', 1, 2],
    ["tru", 1, 1],
    ["nulll", 1, 5],
    ["NaN", 1, 1],
    ["Infinity", 1, 1],
    ["+1", 1, 1],
    ["01", 1, 2],
    ["-", 1, 2],
    [".5", 1, 1],
    ["1.", 1, 3],
    ["1e", 1, 3],
    ["1e+", 1, 4],
    ["0x10", 1, 2],
    ["1_000", 1, 2],
    ["{} {}", 1, 4],
    ["[1]//", 1, 4],
    ["'a'", 1, 1],
    ["\u00a01", 1, 1],
    ["\ufeff{}", 1, 1],
  ])("points at the place where %j stops being JSON", (text, line, column) => {
    expect(fault(text)).toMatchObject({ code: "malformed_json", line, column });
  });

  test("names the place of a fault as a JSON pointer", () => {
    expect(fault('{"a":[0,{"b/c~d":-0}]}')).toMatchObject({ code: "number_not_exact", path: "/a/1/b~1c~0d" });
    expect(fault('{\n  "ä": [\n    1e999\n  ]\n}')).toMatchObject({ path: "/ä/0", line: 3, column: 5 });
    expect(fault("-0")).toMatchObject({ path: "" });
  });

  test("never quotes the text in a fault's message", () => {
    expect(fault('{"<script>":1,"<script>":2}')?.message).not.toContain("script");
  });

  test("applies the limits it is given and keeps the others", () => {
    expect(readStrictJson("[[1]]", { depth: 1 })).toMatchObject({ fault: { code: "too_deep" } });
    expect(readStrictJson("[1,2]", { arrayLength: 1 })).toMatchObject({ fault: { code: "array_too_long" } });
    expect(readStrictJson(`"${"x".repeat(LIMITS.stringBytes + 1)}"`, { depth: 1 })).toMatchObject({ ok: false });
  });

  test("does not overflow the stack, whatever depth it is asked to allow", () => {
    const text = "[".repeat(1_000_000);
    expect(readStrictJson(text, { depth: 1_000_000 })).toMatchObject({ fault: { code: "too_deep" } });
  });
});

describe("the JSON type guards", () => {
  test.each([
    [{}, "object"],
    [[], "array"],
    [null, "neither"],
    ["a", "neither"],
    [undefined, "neither"],
  ])("tell %j to be %s", (value, kind) => {
    expect(isJsonObject(value)).toBe(kind === "object");
    expect(isJsonArray(value)).toBe(kind === "array");
  });
});
