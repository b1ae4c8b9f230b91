import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import {
  hashRecoveryCode,
  makeRecoveryCodes,
  makeTotpSecret,
  openTotpSecret,
  sealTotpSecret,
  totpStepOf,
} from "./totp";

// RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
const SECRET = new TextEncoder().encode("12345678901234567890");
const VECTORS = [
  [59, "287082", 1],
  [1_111_111_109, "081804", 37_037_036],
  [1_111_111_111, "050471", 37_037_037],
  [1_234_567_890, "005924", 41_152_263],
  [2_000_000_000, "279037", 66_666_666],
  [20_000_000_000, "353130", 666_666_666],
] as const;

describe("codes", () => {
  test.each(VECTORS)("at %i s the code of RFC 6238 is %s", (seconds, code, step) => {
    expect(totpStepOf(SECRET, code, new Date(seconds * 1_000))).toBe(step);
  });

  test("one step to either side is taken for what it is, two are not", () => {
    const at = (seconds: number) => totpStepOf(SECRET, "050471", new Date((1_111_111_111 + seconds) * 1_000));
    expect([at(-30), at(0), at(30)]).toEqual([37_037_037, 37_037_037, 37_037_037]);
    expect([at(-61), at(90)]).toEqual([null, null]);
  });

  test.each(["", "05047", "0504711", "abcdef", "05047１"])("%j is no code", (code) => {
    expect(totpStepOf(SECRET, code, new Date(1_111_111_111_000))).toBeNull();
  });
});

test("a secret opens only for the person it was sealed for", () => {
  const [mine, other] = [randomUUID(), randomUUID()];
  const { bytes, base32, uri } = makeTotpSecret("ada@example.com");
  expect(base32).toMatch(/^[A-Z2-7]{32}$/);
  expect(uri).toMatch(/^otpauth:\/\/totp\/Interlock:ada%40example\.com\?issuer=Interlock&secret=[A-Z2-7]{32}/);
  const sealed = sealTotpSecret(bytes, mine) ?? new Uint8Array();
  expect(Buffer.from(sealed).includes(Buffer.from(bytes))).toBe(false);
  expect([...(openTotpSecret(sealed, mine) ?? [])]).toEqual([...bytes]);
  expect(openTotpSecret(sealed, other)).toBeNull();
  expect(openTotpSecret(sealed.with(sealed.length - 1, (sealed.at(-1) ?? 0) ^ 1), mine)).toBeNull();
});

test("recovery codes are all different, and spaces and capitals say nothing", () => {
  const codes = makeRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^[a-z2-7]{4}(?:-[a-z2-7]{4}){3}$/);
  const [first = ""] = codes;
  expect(hashRecoveryCode(` ${first.toUpperCase().replaceAll("-", " ")} `)).toEqual(hashRecoveryCode(first));
});
