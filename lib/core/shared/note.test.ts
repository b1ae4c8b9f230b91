import { describe, expect, test } from "vitest";

import { optionalNote, requiredName, requiredNote } from "./note";
import { countVisible } from "./visible-text";

const from = (...codes: number[]) => String.fromCodePoint(...codes);
const range = (first: number, last: number) => from(...Array.from({ length: last - first + 1 }, (_, at) => first + at));

/** What a reader sees nothing of, however long it is. */
const INVISIBLE: readonly (readonly [what: string, text: string])[] = [
  ["spaces of every width", ` \t\n${range(0x2000, 0x200a)}${from(0xa0, 0x1680, 0x202f, 0x205f, 0x3000)}`],
  ["zero-width spaces and joiners", from(0x200b, 0x200c, 0x200d, 0x2060, 0xfeff)],
  ["invisible operators", range(0x2061, 0x2064)],
  ["soft hyphens", from(0xad).repeat(40)],
  ["Hangul fillers", from(0x115f, 0x1160, 0x3164, 0xffa0)],
  ["Khmer inherent vowels", from(0x17b4, 0x17b5)],
  ["tags", range(0xe0020, 0xe007f)],
  ["variation selectors", range(0xfe00, 0xfe0f) + range(0xe0100, 0xe01ef) + range(0x180b, 0x180f)],
  ["combining marks without a letter", range(0x300, 0x36f)],
  ["enclosing marks", from(0x20dd, 0x20de, 0x20e3)],
  ["the blank of Braille", from(0x2800).repeat(40)],
  ["the blanks of hieroglyphs and music", from(0x13441, 0x13442, 0x1d159)],
  ["bidi controls", range(0x202a, 0x202e) + range(0x2066, 0x2069) + from(0x61c, 0x200e, 0x200f)],
  ["controls", range(0x00, 0x1f) + range(0x7f, 0x9f)],
  ["line and paragraph separators", from(0x2028, 0x2029)],
  ["private and unassigned characters", from(0xe000, 0xf8ff, 0x10fffd, 0x378)],
  ["the place of an object, and interlinear marks", from(0xfffc, 0xfff9, 0xfffa, 0xfffb)],
  ["musical and shorthand format controls", range(0x1d173, 0x1d17a) + range(0x1bca0, 0x1bca3)],
  ["half of a pair", "\ud800\udc00".slice(0, 1).repeat(12)],
];

describe("a note", () => {
  test.each(INVISIBLE)("of %s is none", (_what, text) => {
    expect(countVisible(text)).toBe(0);
    expect(countVisible(text.repeat(20))).toBe(0);
    expect(requiredNote(10_000).safeParse(text).success).toBe(false);
    expect(requiredName(10_000).safeParse(text).success).toBe(false);
    expect(optionalNote(10_000).parse(text)).toBe("");
  });

  test.each(INVISIBLE)("of %s around one letter has one character", (_what, text) => {
    expect(countVisible(`${text}x${text}`)).toBe(1);
  });

  test("counts letters, digits and signs of any script, each once with its marks", () => {
    expect(countVisible("compared with it")).toBe(14);
    expect(countVisible("Σύγκρινα 12!")).toBe(11);
    expect(countVisible("確認しました")).toBe(6);
    expect(countVisible("e\u0301e\u0301")).toBe(2);
    expect(countVisible("नमस्ते")).toBeGreaterThanOrEqual(4);
    expect(countVisible("👩‍👩‍👧")).toBe(3);
  });
});

test("no note holds U+0000, which could not be stored", () => {
  for (const note of [optionalNote(20), requiredNote(20)]) {
    expect([note.safeParse("Tickets").success, note.safeParse("Tick\0ets").success]).toEqual([true, false]);
  }
});
