import { describe, expect, test } from "vitest";

import {
  add,
  BASE,
  bytes32,
  challenge,
  encoded,
  NEUTRAL,
  ORDER,
  type Point,
  smallOrderPoints,
  spellings,
  times,
} from "@/lib/testing/edwards";

import { verifyEd25519 } from "./ed25519";

// The edge cases of the collections of Wycheproof and C2SP/CCTV, made here from the definition of the curve.

const SECRET = 0x1234_5678_9abc_def0_1234_5678_9abc_def1n;
const KEY = times(BASE, SECRET);
const torsion = smallOrderPoints();
const message = new TextEncoder().encode("interlock");

type Crafted = { readonly key: Uint8Array; readonly signature: Uint8Array };

/** A signature with a nonce of one's own choice; `twist` is added to R and `bend` to the key, as no honest signer does. */
function crafted(nonce: bigint, twist: Point = NEUTRAL, bend: Point = NEUTRAL): Crafted {
  const key = encoded(add(KEY, bend));
  const r = encoded(add(times(BASE, nonce), twist));
  const s = (nonce + challenge(r, key, message) * SECRET) % ORDER;
  return { key, signature: new Uint8Array([...r, ...bytes32(s)]) };
}

const accepts = ({ key, signature }: Crafted) => verifyEd25519(key, message, signature);

describe("Ed25519 at its edges", () => {
  test("the curve made here is that of the standard", () => {
    expect(Buffer.from(encoded(BASE)).toString("hex")).toBe(`58${"66".repeat(31)}`);
    expect(times(BASE, ORDER)).toEqual(NEUTRAL);
    expect(new Set(torsion.map((point) => Buffer.from(encoded(point)).toString("hex"))).size).toBe(8);
    expect(torsion.every((point) => times(point, 8n).y === 1n)).toBe(true);
    expect(accepts(crafted(7n))).toBe(true);
  });

  test("a key of small order is none, in every spelling", () => {
    const keys = torsion.flatMap(spellings);
    expect(keys.length).toBeGreaterThan(8);
    // For a lenient verifier some R of small order with S = 0 fits any message.
    for (const key of keys)
      for (const r of torsion.flatMap(spellings))
        expect(verifyEd25519(key, message, new Uint8Array([...r, ...bytes32(0n)]))).toBe(false);
  });

  test("S must be below the order of the group", () => {
    const { key, signature } = crafted(7n);
    const s = BigInt(`0x${Buffer.from(signature.slice(32)).reverse().toString("hex")}`);
    for (let more = s + ORDER; more < 2n ** 256n; more += ORDER)
      expect(accepts({ key, signature: new Uint8Array([...signature.slice(0, 32), ...bytes32(more)]) })).toBe(false);
    expect(accepts({ key, signature: new Uint8Array([...signature.slice(0, 32), ...bytes32(ORDER)]) })).toBe(false);
  });

  test("R has one spelling", () => {
    // With the nonce 0, R is the neutral element, which a lenient reader takes in four spellings.
    const key = encoded(KEY);
    const taken = spellings(NEUTRAL).filter((r) => {
      const s = (challenge(r, key, message) * SECRET) % ORDER;
      return accepts({ key, signature: new Uint8Array([...r, ...bytes32(s)]) });
    });
    expect(spellings(NEUTRAL)).toHaveLength(4);
    expect(taken.length).toBeLessThanOrEqual(1);
    expect(taken.every((r) => Buffer.from(r).equals(Buffer.from(encoded(NEUTRAL))))).toBe(true);
  });

  test("a part of small order in R is never multiplied away", () => {
    for (const twist of torsion.slice(1)) expect(accepts(crafted(11n, twist))).toBe(false);
  });

  test("a part of small order in the key counts as the equation without cofactor says", () => {
    for (const bend of torsion.slice(1)) {
      for (let nonce = 1n; nonce <= 16n; nonce += 1n) {
        const made = crafted(nonce, NEUTRAL, bend);
        const k = challenge(made.signature.slice(0, 32), made.key, message);
        expect(accepts(made)).toBe(times(bend, k % 8n).y === 1n && times(bend, k % 8n).x === 0n);
      }
    }
  });
});
