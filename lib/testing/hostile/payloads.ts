/** Texts that have broken some program somewhere, by family. As values: what JSON cannot carry is written escaped. */
export const HOSTILE_STRINGS: readonly string[] = [
  // length
  "",
  " ",
  "x".repeat(10_000),
  "é".repeat(70_000),
  "9".repeat(400),
  // what is not seen, or seen in another order
  "\u202Eecila\u202C",
  "a\u200B\u200D\uFEFFb",
  "\u{E0041}\u{E0042}",
  "a\u0301".repeat(500),
  "\uFFFF\uFDD0",
  "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}",
  // what is no character
  "\u0000",
  "a\u0000b",
  "\ud800",
  "x\udc00y",
  "\r\n\t\u001B[2J\u0007",
  // names with a meaning
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "null",
  "undefined",
  "NaN",
  "true",
  // other languages
  "'; DROP TABLE decisions; --",
  "' OR '1'='1",
  "$1::uuid",
  "%s%s%n%x",
  "%00%0a%2e%2e",
  "${7*7}{{7*7}}",
  "<script>alert(1)</script>",
  "../../../../etc/passwd",
  "\\\\host\\share",
  "(a+)+$",
  "&a [*a,*a]",
  "=cmd|' /C calc'!A0",
  // almost what is asked for
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "01a1f000-0000-7000-8000-00000000000g",
  "-1",
  "1e309",
  "0x10",
  "99999-01-01T00:00:00Z",
  "2026-02-30T25:61:61Z",
  "0000-01-01T00:00:00Z",
  "a@b",
  "javascript:alert(1)",
];

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** JSON text to put where a value was expected: other types, other sizes, and what no value is written as. */
export const HOSTILE_JSON: readonly string[] = [
  "null",
  "true",
  "[]",
  "{}",
  "[null]",
  '{"a":{"b":[1]}}',
  "-1",
  "-0",
  "0.1",
  "1e-400",
  "1e308",
  "1e400",
  "2147483648",
  "9007199254740991",
  "9007199254740993",
  "NaN",
  "01",
  deep(60),
  deep(70),
  deep(50_000),
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '"\\u0000"',
  `[${"0,".repeat(20_000)}0]`,
  `{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":1`).join()}}`,
];

/** Path and query segments as they stand in an address: bytes that are no UTF-8 included. */
export const HOSTILE_SEGMENTS: readonly string[] = [
  ...HOSTILE_STRINGS.filter((text) => text.isWellFormed() && text !== "" && text.length < 5_000).map(
    encodeURIComponent,
  ),
  "%00",
  "%ff%fe",
  "%ed%a0%80",
  "%c0%af",
  "%",
  "%zz",
  "%2e%2e%2f",
  "a".repeat(7_000),
];
