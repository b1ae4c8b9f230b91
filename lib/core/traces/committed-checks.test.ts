import { describe, expect, test } from "vitest";

import type { CheckResult, Reason } from "@/lib/core/decisions/schema";

import { committedChecks } from "./committed-checks";

const quiet = (check: CheckResult["check"], reasons: Reason[] = []): CheckResult => ({
  check,
  verdict: "allow",
  rule: null,
  reasons,
});
const halted: Reason = { code: "max_steps", message: "The run is halted.", path: "/execution/max_steps" };
const second: Reason = { code: "sequence", message: "Forbidden.", path: "/sequences/0" };
const open: Reason = { code: "counts_not_known", message: "Counted later.", path: "/sequences" };

describe("committedChecks", () => {
  test("a bound that the commit found broken is not shown as nothing against it", () => {
    const checks = [quiet("bounds"), quiet("level")];
    const shown = committedChecks({ verdict: "halt", rule: "execution.max_steps", reasons: [halted], checks });
    expect(shown.checks).toEqual([
      { check: "bounds", verdict: "halt", rule: "execution.max_steps", reasons: [halted] },
      quiet("level"),
    ]);
    expect(shown.besides).toEqual([]);
  });

  test("a sequence replaces what was left to the commit, also where a guardrail has it", () => {
    const shared = { ...second, path: "/guardrails/sequences/0" };
    const asked = { verdict: "deny", rule: "sequences[0]", reasons: [second, shared] } as const;
    const { checks } = committedChecks({ ...asked, checks: [quiet("sequences", [open])] });
    expect(checks).toEqual([{ check: "sequences", verdict: "deny", rule: "sequences[0]", reasons: [second, shared] }]);
  });

  test("what the checks found themselves stays as it was, and what is of none of them is kept", () => {
    const stopped: Reason = { code: "workspace_stopped", message: "Stopped.", path: "" };
    const found: Reason = { code: "requires_approval", message: "A person.", path: "/tools/allowed/0" };
    const checks: CheckResult[] = [{ check: "level", verdict: "require_approval", rule: null, reasons: [found] }];
    const shown = committedChecks({ verdict: "halt", rule: null, reasons: [found, stopped], checks });
    expect(shown).toEqual({ checks, besides: [stopped] });
  });
});
