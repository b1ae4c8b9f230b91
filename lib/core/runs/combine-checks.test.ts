import { describe, expect, test } from "vitest";

import type { CheckResult, Reason } from "@/lib/core/decisions/schema";

import { combineChecks } from "./combine-checks";

const left: Reason = { code: "run_not_known", message: "Counted later.", path: "/execution" };
const near: Reason = { code: "budget_warning", message: "Nearly used up.", path: "/execution/max_cost_usd" };
const broken: Reason = { code: "max_steps", message: "The run is halted.", path: "/execution/max_steps" };
const level: CheckResult = { check: "level", verdict: "allow", rule: null, reasons: [] };
const bounds: CheckResult = { check: "bounds", verdict: "allow", rule: null, reasons: [left] };
const halted: CheckResult = { check: "bounds", verdict: "halt", rule: "execution.max_steps", reasons: [broken] };

describe("combineChecks", () => {
  test("leaves checks with one result as they are", () => {
    expect(combineChecks([bounds, level])).toEqual([bounds, level]);
  });

  test("what the commit found broken is never shown as nothing against it", () => {
    expect(combineChecks([bounds, level, halted])).toEqual([halted, level]);
  });

  test("a stricter first result stays, with the reasons of both", () => {
    const denied: CheckResult = { check: "bounds", verdict: "deny", rule: "execution.max_cost_usd", reasons: [near] };
    const asked: CheckResult = { ...halted, verdict: "require_approval" };
    expect(combineChecks([denied, asked])).toEqual([
      { check: "bounds", verdict: "deny", rule: "execution.max_cost_usd", reasons: [broken, near] },
    ]);
  });
});
