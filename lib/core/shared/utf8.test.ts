import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { utf8Length } from "./utf8";

/** Any code point but a surrogate, small ones often. The `binary` unit of fast-check takes a second to set up. */
const anyCharacter = fc
  .oneof(fc.nat(0xff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

describe("utf8Length", () => {
  test("counts the bytes an encoder writes, lone surrogates included", () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 });
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), units, (text, codes) => {
        for (const sample of [text, String.fromCharCode(...codes), "\ud83d\ud83d\ude02\ude02"]) {
          expect(utf8Length(sample)).toBe(new TextEncoder().encode(sample).length);
        }
      }),
    );
  });
});
