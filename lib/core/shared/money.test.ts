import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { microsOf, microsOfText, picoOfText, usdOf, usdOfPico } from "./money";

const anyMicros = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe("microsOf", () => {
  test.each([
    [0, 0],
    [1.5, 1_500_000],
    [0.1, 100_000],
    [0.29, 290_000],
    [1.42, 1_420_000],
    [0.000001, 1],
    [0.0000001, 1],
    [0.0000015, 2],
    [0.1234561, 123_457],
    [5e-324, 1],
    [1e3, 1_000_000_000],
    [9_007_199_254, 9_007_199_254_000_000],
  ])("counts %d dollars as %d, rounding up", (usd, micros) => {
    expect(microsOf(usd)).toBe(micros);
  });

  test.each([-1, -1e-9, Number.NaN, Number.POSITIVE_INFINITY, 1e18, 1e30])("refuses %d", (usd) => {
    expect(() => microsOf(usd)).toThrow(RangeError);
  });

  test("never counts less than the decimal it is given, nor a whole micro more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_007_199_254 }), fc.integer({ min: 0, max: 9 }), (digits, decimals) => {
        const micros = microsOf(Number(`${digits}e-${decimals}`));
        const scale = 10n ** BigInt(decimals);
        const excess = BigInt(micros) * scale - BigInt(digits) * 1_000_000n;
        expect(excess >= 0n && excess < scale).toBe(true);
      }),
    );
  });
});

describe("usdOf", () => {
  test.each([
    [0, "0.00"],
    [1, "0.000001"],
    [1_420_000, "1.42"],
    [1_400_000, "1.40"],
    [1_234_500, "1.2345"],
    [-500_000, "-0.50"],
    [300_000, "0.30"],
    [Number.MAX_SAFE_INTEGER, "9007199254.740991"],
  ])("writes %d as %s", (micros, usd) => {
    expect(usdOf(micros)).toBe(usd);
  });

  test.each([0.5, Number.NaN, 2 ** 53])("refuses %d, which is no whole number of micro-units", (micros) => {
    expect(() => usdOf(micros)).toThrow(RangeError);
  });

  test("is read back exactly", () => {
    fc.assert(
      fc.property(anyMicros, (micros) => {
        expect(microsOfText(usdOf(micros))).toBe(micros);
        expect(microsOfText(usdOf(-micros))).toBe(-micros || 0);
      }),
    );
  });
});

describe("microsOfText", () => {
  test.each([
    ["1.420000", 1_420_000],
    ["7", 7_000_000],
    ["-0.50", -500_000],
    ["-0", 0],
  ])("reads %s", (text, micros) => {
    expect(microsOfText(text)).toBe(micros);
  });

  test.each(["", "1.", ".5", "1e3", "+1", " 1", "1.0000001", "99999999999", "9007199255", "0x1", "١", "1\n"])(
    "refuses %j",
    (text) => {
      expect(microsOfText(text)).toBeNull();
    },
  );
});

describe("picoOfText and usdOfPico", () => {
  test.each([
    ["0", 0n],
    ["0.0007168", 716_800_000n],
    ["7.168e-4", 716_800_000n],
    ["1E2", 100_000_000_000_000n],
    ["0.0000000000005", 0n],
    ["0.0000000000015", 2n],
    ["0.00000000000050001", 1n],
    ["99999999.999999999999", 99_999_999_999_999_999_999n],
  ])("reads %s", (text, pico) => {
    expect(picoOfText(text)).toBe(pico);
  });

  test.each([
    "-1",
    "-1e-3",
    "NaN",
    "Infinity",
    "",
    " 1",
    "0x10",
    "1,5",
    "1e8",
    "1e30",
    "1e999",
    "99999999.9999999999995",
  ])("does not read %j", (text) => {
    expect(picoOfText(text)).toBeNull();
  });

  test("read back what they write", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }), (pico) => {
        expect(picoOfText(usdOfPico(pico))).toBe(pico);
      }),
    );
    expect(usdOfPico(-1_420_000_000_000n)).toBe("-1.42");
  });
});
