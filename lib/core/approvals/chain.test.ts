import { describe, expect, test } from "vitest";

import { type ChainCall, chainOf } from "./chain";
import { deskPriority, inDeskOrder } from "./order";

const at = new Date("2026-04-10T14:20:00Z");
const call = (step: number, change: Partial<ChainCall> = {}): ChainCall => ({
  id: `d${step}`,
  step,
  tool: "read_contacts",
  verdict: "allow",
  rule: null,
  reason: null,
  answered: null,
  at,
  args: {},
  rows: null,
  context: [],
  outcome: null,
  ...change,
});
const widenings = (...calls: ChainCall[]) =>
  chainOf(calls, calls.at(-1)?.id ?? "", new Map()).map((step) => step.widened);

describe("chainOf", () => {
  test("marks the step where more is reached than before", () => {
    const ids = (count: number) => ({ ids: Array.from({ length: count }, (_, n) => n) });
    expect(widenings(call(1, { args: ids(31) }), call(2), call(3, { args: ids(214) }), call(4, { rows: 214 }))).toEqual(
      [null, null, "31 → 214", null],
    );
  });

  test("marks a scope that grows and a subject that changes", () => {
    const scoped = (scope: string[], customer: string) => ({
      args: { scope },
      context: [{ source: "crm", asOf: at.toISOString(), scope: { customer_id: customer } }],
    });
    expect(widenings(call(1, scoped(["email"], "C-1")), call(2, scoped(["email", "card"], "C-2")))).toEqual([
      null,
      "scope adds card; another customer_id: C-2",
    ]);
  });

  test("ends with the action in question, whatever came after", () => {
    const steps = chainOf([call(3), call(1), call(2)], "d2", new Map());
    expect(steps.map((step) => [step.id, step.current])).toEqual([
      ["d1", false],
      ["d2", true],
    ]);
  });

  test("gives each source its age and its limit", () => {
    const context = [{ source: "crm", asOf: "2026-04-10T14:16:00Z", scope: {} }];
    expect(chainOf([call(1, { context })], "d1", new Map([["crm", 900]]))[0]?.context).toEqual([
      { source: "crm", ageSeconds: 240, ttlSeconds: 900 },
    ]);
  });
});

describe("the order of the desk", () => {
  test("is harm times urgency, not arrival", () => {
    const item = (id: string, score: number, seconds: number) => ({
      id,
      score,
      expiresAt: new Date(at.getTime() + seconds * 1000),
    });
    const ordered = inDeskOrder([item("1", 30, 3_600), item("2", 60, 3_600), item("3", 30, 20)], at);
    expect(ordered.map(({ id }) => id)).toEqual(["3", "2", "1"]);
  });

  test("an overdue critical stands on top", () => {
    expect(deskPriority(75, -5)).toBeGreaterThan(deskPriority(74, 0));
  });
});
