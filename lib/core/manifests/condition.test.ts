import { describe, expect, test } from "vitest";

import { NOTHING_READ } from "@/lib/core/commands/read-call";
import type { Truth } from "@/lib/core/shared/truth";

import { certainly, evaluate, possibly } from "./condition";
import type { Condition } from "./condition-schema";

const args = { env: "prod", amount: 20, ids: [1, 2], text: "1000", none: null, nested: { a: [{ b: "x" }] } };

describe("evaluate", () => {
  test.each<[Condition, Truth]>([
    [{ arg: "env", equals: "prod" }, "true"],
    [{ arg: "env", equals: "staging" }, "false"],
    [{ arg: "env", equals: "PROD" }, "unknown"],
    [{ arg: "env", equals: 5 }, "unknown"],
    [{ arg: "ids", equals: 1 }, "unknown"],
    [{ arg: "none", equals: null }, "true"],
    [{ arg: "missing", equals: null }, "unknown"],
    [{ arg: "constructor", equals: "x" }, "unknown"],
    [{ arg: "env", in: ["a", "prod"] }, "true"],
    [{ arg: "env", in: ["a", "b"] }, "false"],
    [{ arg: "amount", at_most: 20 }, "true"],
    [{ arg: "amount", at_most: 19 }, "false"],
    [{ arg: "amount", at_least: 10, at_most: 30 }, "true"],
    [{ arg: "amount", at_least: 30, at_most: 40 }, "false"],
    [{ arg: "text", at_most: 2_000 }, "unknown"],
    [{ arg: "env", prefix: "pr" }, "true"],
    [{ arg: "amount", prefix: "2" }, "unknown"],
    [{ arg: "ids", max_items: 2 }, "true"],
    [{ arg: "ids", max_items: 1 }, "false"],
    [{ arg: "env", max_items: 1 }, "unknown"],
    [{ arg: "/nested/a/0/b", equals: "x" }, "true"],
    [{ arg: "/nested/a/01/b", equals: "x" }, "unknown"],
    [{ arg: "/nested/toString", equals: "x" }, "unknown"],
  ])("%j is %s", (condition, truth) => {
    expect(evaluate(condition, args, NOTHING_READ)).toBe(truth);
  });

  const yes: Condition = { arg: "env", equals: "prod" };
  const no: Condition = { arg: "env", equals: "staging" };
  const unknown: Condition = { arg: "missing", equals: 1 };

  test.each<[Condition, Truth]>([
    [{ all: [yes, unknown] }, "unknown"],
    [{ all: [no, unknown] }, "false"],
    [{ any: [yes, unknown] }, "true"],
    [{ any: [no, unknown] }, "unknown"],
    [{ not: unknown }, "unknown"],
    [{ not: no }, "true"],
  ])("follows Kleene's logic: %j is %s", (condition, truth) => {
    expect(evaluate(condition, args, NOTHING_READ)).toBe(truth);
  });

  test("grants only what is certain and restricts what is possible", () => {
    expect([certainly(unknown, args, NOTHING_READ), possibly(unknown, args, NOTHING_READ)]).toEqual([false, true]);
    expect([certainly(yes, args, NOTHING_READ), possibly(no, args, NOTHING_READ)]).toEqual([true, false]);
  });
});
