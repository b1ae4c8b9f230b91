import { describe, expect, test } from "vitest";

import { canonicalJson } from "./canonical-json";
import { LIMITS, readStrictJson } from "./strict-json";

const fault = (text: string) => {
  const result = readStrictJson(text);
  return result.ok ? null : result.fault;
};

describe("readStrictJson refuses", () => {
  test.each([
    ['{"amount":1,"amount":1000000}', "/amount"],
    ['{"amount":1,"\\u0061mount":1000000}', "/amount"],
    ['{"\\u0061mount":1,"amo\\u0075nt":2}', "/amount"],
    ['{"a":1,"a":1}', "/a"],
    ['{"a":0,"b":{"c":1,"d":2,"c":1}}', "/b/c"],
    ['[{"":1,"":2}]', "/0/"],
    ['{"\ud83d\ude02":1,"\\ud83d\\ude02":2}', "/😂"],
    ['{"1":1,"\\u0031":2}', "/1"],
    ['{"toString":1,"toString":2}', "/toString"],
    ['{"a":null,"a":null}', "/a"],
    ['{"a\\/b":1,"a/b":2}', "/a~1b"],
  ])("T45 a duplicate key however it is escaped: %s", (text, path) => {
    expect(fault(text)).toMatchObject({ code: "duplicate_key", path });
  });

  test("T45 but keeps apart keys that only look equal", () => {
    expect(readStrictJson('{"\u00e9":1,"e\u0301":2,"a":{"a":1},"A":2}').ok).toBe(true);
  });

  test.each([
    "9007199254740993",
    "-9007199254740993",
    "9223372036854775807",
    "10000000000000000999",
    "1152921504606846976",
    "1E400",
    "-1e309",
    "1e-400",
    "4.9e-324",
    "-0",
    "-0.0",
    "-0e5",
    "0.1000000000000000055511151231257827",
    `0.${"1234567890".repeat(4)}`,
    "1.0000000000000000000000000000000000000001",
    "123456789012345678",
    "1e99999999999999999999",
    "1e-99999999999999999999",
  ])("T46 a number that is not its own canonical form: %s", (text) => {
    expect(fault(text)).toMatchObject({ code: "number_not_exact", line: 1, column: 1 });
    expect(fault(`{"a":[1,${text}]}`)).toMatchObject({ code: "number_not_exact", path: "/a/1" });
  });

  test.each([
    ["0.1", "0.1"],
    ["1.10", "1.1"],
    ["1.0", "1"],
    ["1e2", "100"],
    ["1E+2", "100"],
    ["100e-2", "1"],
    ["0e999", "0"],
    ["0.000", "0"],
    ["0.30000000000000004", "0.30000000000000004"],
    ["9007199254740991", "9007199254740991"],
    ["9007199254740992", "9007199254740992"],
    ["1000000000000000000000", "1e+21"],
    ["100000000000000000000000", "1e+23"],
    ["5e-324", "5e-324"],
    ["1.7976931348623157e308", "1.7976931348623157e+308"],
    ["0.000001", "0.000001"],
    ["0.0000001", "1e-7"],
    ["0.999999999999999", "0.999999999999999"],
    ["-123.456", "-123.456"],
    [`0.${"0".repeat(400)}1e401`, "1"],
  ])("T46 but not one that is: %s", (text, canonical) => {
    const result = readStrictJson(text);
    expect(result).toStrictEqual({ ok: true, value: Number(text) });
    expect(result.ok && canonicalJson(result.value)).toBe(canonical);
  });

  test.each(['{"__proto__":{"admin":true}}', '{"a":[{"__prot\\u006f__":null}]}', '{"\\u005f_proto__":1}'])(
    "T47 a key that would be the prototype: %s",
    (text) => {
      expect(fault(text)).toMatchObject({ code: "forbidden_key" });
      expect("admin" in {}).toBe(false);
    },
  );

  test("T47 but reads other names of Object.prototype as keys of their own", () => {
    const result = readStrictJson('{"constructor":{"prototype":{"admin":true}},"toString":1}');
    expect(result.ok && Object.keys(result.value ?? {})).toEqual(["constructor", "toString"]);
    expect("admin" in {}).toBe(false);
  });

  test.each([
    '"\\ud800"',
    '"\\udfff"',
    '"\ud800"',
    '"a\udc00b"',
    '"\\ude02\\ud83d"',
    '"\\ud83d\\n\\ude02"',
    '"\\ud83d\\ud83d\\ude02"',
    '{"\\ud800":1}',
    '{"a":{"\udfff":1}}',
  ])("T48 half of a surrogate pair: %j", (text) => {
    expect(fault(text)).toMatchObject({ code: "malformed_unicode" });
    expect(fault(text)?.path.isWellFormed()).toBe(true);
  });

  test.each(['"\\u0000"', '"\u0000"', '{"a\\u0000":1}', '[["x\\u0000y"]]'])("T49 the character U+0000: %j", (text) => {
    expect(fault(text)).toMatchObject({ code: "nul_character" });
  });

  test.each([
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"a":', "}]"],
  ])("T50 one container more than %s may be nested", (open, close) => {
    const nested = (depth: number) => {
      const times = depth / (open.match(/[[{]/g)?.length ?? 1);
      return `${open.repeat(times)}1${close.repeat(times)}`;
    };
    expect(readStrictJson(nested(LIMITS.depth)).ok).toBe(true);
    expect(fault(nested(LIMITS.depth + 2))).toMatchObject({ code: "too_deep" });
  });

  test("T50 the first container beyond the limit, without reading on", () => {
    expect(fault("[".repeat(LIMITS.depth + 1))).toMatchObject({ code: "too_deep", column: LIMITS.depth + 1 });
    expect(fault("[".repeat(100_000))).toMatchObject({ code: "too_deep", column: LIMITS.depth + 1 });
  });

  const half = LIMITS.elements / 2;
  const zeros = (count: number) => `[${Array.from({ length: count }, () => 0).join()}]`;
  const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"${index}":0`).join(",")}}`;

  test.each([
    ["too_many_keys", (extra: number) => keys(LIMITS.keys + extra)],
    ["too_many_keys", (extra: number) => `[${keys(LIMITS.keys - 10)},${keys(10 + extra)}]`],
    ["key_too_long", (extra: number) => `{"${"k".repeat(LIMITS.keyBytes + extra)}":1}`],
    ["key_too_long", (extra: number) => `{"${"\u00e9".repeat(LIMITS.keyBytes / 2)}${"k".repeat(extra)}":1}`],
    ["key_too_long", (extra: number) => `{"${"\\u0041".repeat(LIMITS.keyBytes + extra)}":1}`],
    ["string_too_long", (extra: number) => `["${"x".repeat(LIMITS.stringBytes + extra)}"]`],
    ["string_too_long", (extra: number) => `["${"😂".repeat(LIMITS.stringBytes / 4)}${"x".repeat(extra)}"]`],
    ["too_many_elements", (extra: number) => `[${zeros(half - 1)},${zeros(half - 1 + extra)}]`],
    ["array_too_long", (extra: number) => `[${Array.from({ length: LIMITS.arrayLength + extra }, () => 0).join()}]`],
  ])("T51 what is over a limit by one, as %s", (code, document) => {
    expect(fault(document(0))).toBeNull();
    expect(fault(document(1))).toMatchObject({ code });
  });

  test("T51 without more than linear work on a megabyte of keys, digits, zeros or escapes", () => {
    const padding = "p".repeat(90);
    const size = 1_000_000;
    const documents = [
      `{${Array.from({ length: 10_000 }, (_, index) => `"${index}${padding}":0`).join()}}`,
      `1${"0".repeat(size)}1`,
      `0.${"0".repeat(size)}1`,
      `1e-${"0".repeat(size)}1`,
      `"${"\\n".repeat(size / 8)}"`,
      `[${"\n".repeat(size)}`,
    ];
    for (const text of documents) expect(codeUnitsLookedAt(text)).toBeLessThan(5 * text.length);
  });
});

/** The reader's work: every look at a code unit of the text goes through `charCodeAt`. */
function codeUnitsLookedAt(text: string): number {
  const original = String.prototype.charCodeAt;
  let count = 0;
  String.prototype.charCodeAt = function counting(this: string, index: number) {
    count += 1;
    return original.call(this, index);
  };
  try {
    readStrictJson(text);
  } finally {
    String.prototype.charCodeAt = original;
  }
  return count;
}
