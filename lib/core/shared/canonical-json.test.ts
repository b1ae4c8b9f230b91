import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { canonicalJson, NotCanonicalError } from "./canonical-json";
import type { Json } from "./json";
import { readStrictJson } from "./strict-json";

/** Any code point but a surrogate, small ones often. The `binary` unit of fast-check takes a second to set up. */
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

const anyJson = fc
  .jsonValue({ maxDepth: 6, stringUnit: anyCharacter })
  .map((value): Json => JSON.parse(JSON.stringify(value)));

/** The double with these IEEE 754 bits. */
function doubleOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

describe("canonicalJson", () => {
  test("writes the example of RFC 8785 §3.2.2", () => {
    const value = {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test("sorts keys by UTF-16 code units, as in RFC 8785 §3.2.3", () => {
    const value = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\u{1f600}": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    expect(canonicalJson(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
        '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  test("sorts keys that look like indexes as text", () => {
    expect(canonicalJson({ 10: 0, 9: 0, "-1": 0, a: 0, "": 0 })).toBe('{"":0,"-1":0,"10":0,"9":0,"a":0}');
  });

  // RFC 8785 appendix B.
  test.each([
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["ffefffffffffffff", "-1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["41b3de4355555555", "333333333.3333333"],
    ["41b3de4355555556", "333333333.3333334"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ])("writes the double %s as %s", (bits, text) => {
    expect(canonicalJson(doubleOf(bits))).toBe(text);
  });

  test.each(["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])("refuses the double %s", (bits) => {
    expect(() => canonicalJson([doubleOf(bits)])).toThrow(NotCanonicalError);
  });

  test("escapes what RFC 8785 §3.2.2.2 escapes and nothing else", () => {
    const controls = String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code));
    const named = new Map([..."btnfr"].map((letter) => [JSON.parse(`"\\${letter}"`), `\\${letter}`]));
    const escaped = [...controls].map((c) => named.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    expect(canonicalJson(controls)).toBe(`"${escaped.join("")}"`);
    expect(canonicalJson("\u007f\u0080/</script>\u2028\u{10ffff}")).toBe('"\u007f\u0080/</script>\u2028\u{10ffff}"');
  });

  test("is read back by the strict reader as the same value and the same text", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value);
        const result = readStrictJson(text);
        // The two codes are refused on purpose; everything else must come back.
        const back = result.ok ? canonicalJson(result.value) : result.fault.code;
        expect([text, "nul_character", "forbidden_key"]).toContain(back);
      }),
    );
  });

  test("is one text whatever order keys were made in", () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string({ unit: anyCharacter }), anyJson), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat()), (made, order) => {
        const shuffled = made.map((entry) => ({ entry, at: order.next().value })).toSorted((a, b) => a.at - b.at);
        const one = Object.fromEntries(made);
        const other = Object.fromEntries(shuffled.map(({ entry }) => entry));
        expect(canonicalJson({ in: one })).toBe(canonicalJson({ in: other }));
      }),
    );
  });

  test("loses nothing, so different values have different texts", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(JSON.parse(canonicalJson(value))).toStrictEqual(value);
      }),
    );
  });

  test("reads objects without a prototype and of another realm as plain", () => {
    expect(canonicalJson(Object.assign(Object.create(null), { b: 1, a: 2 }))).toBe('{"a":2,"b":1}');
    // Another realm's Object.prototype is, like ours, an object without a prototype.
    const foreignPrototype = Object.create(null);
    expect(canonicalJson(Object.assign(Object.create(foreignPrototype), { b: 1, a: 2 }))).toBe('{"a":2,"b":1}');
  });

  test.each([
    ["undefined", undefined],
    ["an undefined property", { a: undefined }],
    ["a hole", Object.assign([], { length: 1 })],
    ["a bigint", 1n],
    ["a function", () => 1],
    ["a symbol", Symbol("a")],
    ["a date", new Date(0)],
    ["a map", new Map([["a", 1]])],
    ["an instance of a class", new (class Money {})()],
    ["a boxed string", Object("a")],
    ["a lone surrogate", "\ud800"],
    ["a lone surrogate in a key", { "\udfff": 1 }],
  ])("T48 refuses %s instead of writing what another value is written as", (_, value) => {
    // The types forbid these values; a caller in JavaScript or behind a cast can still bring them.
    expect(() => Reflect.apply(canonicalJson, undefined, [{ args: [value] }])).toThrow(NotCanonicalError);
  });
});
