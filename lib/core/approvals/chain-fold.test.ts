import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { ChainStep } from "./chain";
import { foldChain, refusedBefore } from "./chain-fold";

const step = (number: number, change: Partial<ChainStep> = {}): ChainStep => ({
  id: `d${number}`,
  step: number,
  tool: "read_customer",
  verdict: "allow",
  rule: "tools.allowed[0]",
  reason: null,
  answered: null,
  at: new Date("2026-04-10T14:20:00Z"),
  outcome: null,
  reach: null,
  context: [],
  widened: null,
  current: false,
  uncompared: false,
  ...change,
});
const many = (from: number, to: number, change: Partial<ChainStep> = {}) =>
  Array.from({ length: to - from + 1 }, (_, index) => step(from + index, change));
const said = (steps: readonly ChainStep[]) =>
  foldChain(steps).map((entry) => {
    if (entry.kind === "gap") return `gap ${entry.from}-${entry.to}`;
    return entry.kind === "step" ? `${entry.step.step}` : `${entry.first.tool} ×${entry.count}`;
  });

describe("foldChain", () => {
  test("says steps alike in a row once, and leaves the action in question last", () => {
    expect(said([step(1, { tool: "plan" }), ...many(2, 13), step(14, { current: true })])).toEqual([
      "1",
      "read_customer ×12",
      "14",
    ]);
  });

  test("keeps a step that reaches further, another answer and stale context apart", () => {
    const stale = [{ source: "crm", ageSeconds: 1_000, ttlSeconds: 900 }];
    const steps = [...many(1, 3), step(4, { widened: "1 → 9" }), ...many(5, 7), step(8, { context: stale }), step(9)];
    expect(said(steps)).toEqual(["read_customer ×3", "4", "read_customer ×3", "8", "9"]);
  });

  test("of 2,000 steps shows the ends and every one that was refused or reached further", () => {
    const steps = many(1, 2_000).map((one) => ({ ...one, tool: `tool_${one.step % 7}` }));
    steps[700] = step(701, { verdict: "deny", tool: "delete_customer_record" });
    steps[1_200] = step(1_201, { widened: "2 → 80" });
    const lines = said(steps);
    expect(lines.slice(0, 6)).toEqual(["1", "2", "3", "4", "5", "gap 6-700"]);
    expect(lines).toContain("701");
    expect(lines).toContain("1201");
    expect(lines.at(-1)).toBe("2000");
    expect(foldChain(steps).every((entry) => entry.kind !== "gap" || entry.quiet)).toBe(true);
    expect(lines.length).toBeLessThan(70);
  });

  test("says nothing of steps that nobody has read", () => {
    expect(foldChain([...many(1, 5), ...many(900, 910)]).find((entry) => entry.kind === "gap")).toEqual({
      kind: "gap",
      from: 6,
      to: 899,
      quiet: false,
    });
  });

  test("no step is lost: listed, repeated or counted, whatever the run", () => {
    const any = fc.record({
      verdict: fc.constantFrom("allow" as const, "deny" as const, "halt" as const),
      tool: fc.constantFrom("a", "b"),
      widened: fc.constantFrom(null, null, null, "1 → 2"),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 400 }), (changes) => {
        const steps = changes.map((change, index) => step(index + 1, change));
        const counted = foldChain(steps).reduce((sum, entry) => {
          if (entry.kind === "gap") return sum + entry.to - entry.from + 1;
          return sum + (entry.kind === "step" ? 1 : entry.count);
        }, 0);
        expect(counted).toBe(steps.length);
      }),
    );
  });
});

describe("refusedBefore", () => {
  const deny = { verdict: "deny" as const, tool: "delete_customer_record", rule: "tools.blocked[0]" };
  const reason = { code: "tool_blocked", message: "`delete_customer_record` is blocked." };

  test("names what was tried and refused, as often as it was", () => {
    const steps = [
      step(1),
      step(2, { ...deny, reason }),
      step(3),
      step(4, { ...deny, reason }),
      step(5, { current: true }),
    ];
    expect(refusedBefore(steps)).toEqual([
      {
        tool: "delete_customer_record",
        count: 2,
        answer: "denied",
        rule: "tools.blocked[0]",
        reason: reason.message,
        firstStep: 2,
        lastStep: 4,
      },
    ]);
  });

  test("a person's denial counts as well as a rule's, and the action in question does not", () => {
    const asked = { verdict: "require_approval" as const, tool: "send_email" };
    const steps = [
      step(1, { ...asked, answered: "denied" }),
      step(2, { ...asked, answered: "waiting", current: true }),
    ];
    expect(refusedBefore(steps)).toMatchObject([
      { tool: "send_email", count: 1, answer: "denied by a person", rule: null },
    ]);
  });
});
