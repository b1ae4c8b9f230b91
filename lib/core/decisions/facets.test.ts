import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { JsonObject } from "@/lib/core/shared/json";

import { NO_REACH, type Reach, reachOf, reachWith } from "./facets";

const args = fc.record(
  {
    env: fc.constantFrom("prod", "dev", "", 5),
    url: fc.constantFrom("https://a.example/x", "b.example", "A.EXAMPLE"),
    host: fc.constantFrom("a.example", "c.example"),
    to: fc.oneof(
      fc.constantFrom("x@a.example", "Y <y@B.example>"),
      fc.constantFrom(["x@a.example", "z@c.example"], []),
    ),
    scopes: fc.uniqueArray(fc.constantFrom("read", "write", "Read")),
    note: fc.constant("prod"),
  },
  { requiredKeys: [] },
);
const walk = (calls: readonly JsonObject[]) =>
  calls.reduce<Reach | null>((reach, call) => (reach === null ? null : reachWith(reach, call)), NO_REACH);

describe("reachWith", () => {
  test("call by call comes to what reachOf says of all of them", () => {
    fc.assert(
      fc.property(fc.array(args, { maxLength: 12 }), (calls) => {
        expect(walk(calls)).toEqual(reachOf(calls));
      }),
    );
  });

  test("is the very same object where a call adds nothing, and never changes the one it was given", () => {
    fc.assert(
      fc.property(fc.array(args, { maxLength: 6 }), args, (calls, more) => {
        const before = walk(calls);
        if (before === null) throw new Error("six calls cannot be too far to follow");
        const copy = structuredClone(before);
        const after = reachWith(before, more);
        expect(before).toEqual(copy);
        if (after !== null) expect(reachWith(after, more)).toBe(after);
      }),
    );
  });

  test("follows two hundred names of a kind and not one more", () => {
    const scopes = (count: number) => ({ scopes: Array.from({ length: count }, (_, index) => `s${index}`) });
    expect(reachWith(NO_REACH, scopes(200))?.scopes).toHaveLength(200);
    expect(reachWith(NO_REACH, scopes(201))).toBeNull();
    const full = reachWith(NO_REACH, scopes(200)) ?? NO_REACH;
    expect(reachWith(full, { scopes: ["s7"] })).toBe(full);
    expect(reachWith(full, { scopes: ["another"] })).toBeNull();
    expect(reachWith(full, { host: "a.example" })?.hosts).toEqual(["a.example"]);
  });

  test("starts from a reach that is frozen", () => {
    expect(reachWith(NO_REACH, { env: "Prod" })).toEqual({ ...NO_REACH, environments: ["production"] });
    expect(NO_REACH.environments).toEqual([]);
  });
});
