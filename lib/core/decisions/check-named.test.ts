import { describe, expect, test } from "vitest";

import { checkNamed } from "./check-named";
import { APPROVAL_FAULTS, type ApprovalFault } from "./facts";

const reasonOf = (fault: ApprovalFault, note: string | null = null) => checkNamed({ fault, note }).reasons[0];

describe("an approval that a call names", () => {
  test("allows exactly this call when nothing speaks against it", () => {
    expect(checkNamed({ fault: null })).toMatchObject({
      verdict: "allow",
      rule: "approval",
      reasons: [{ code: "approved", path: "/approval_id" }],
    });
  });

  test.each(APPROVAL_FAULTS)("refuses the call for %s, in words of its own", (fault) => {
    const { verdict, rule, reasons } = checkNamed({ fault });
    expect({ verdict, rule }).toEqual({ verdict: "deny", rule: "approval" });
    expect(reasons).toEqual([{ code: fault, message: expect.stringMatching(/^[A-Z].*\.$/), path: "/approval_id" }]);
  });

  test("has other words for every fault", () => {
    const messages = APPROVAL_FAULTS.map((fault) => reasonOf(fault)?.message);
    expect(new Set(messages).size).toBe(APPROVAL_FAULTS.length);
  });

  test("repeats the note of a person who denied it, and of nobody else", () => {
    const note = "Wrong customer.";
    expect(reasonOf("approval_denied", note)?.message).toBe("A person denied it. Their note: Wrong customer.");
    expect(reasonOf("approval_denied", "")?.message).toBe("A person denied it.");
    for (const fault of APPROVAL_FAULTS.filter((one) => one !== "approval_denied"))
      expect(reasonOf(fault, note)?.message).not.toContain(note);
  });
});
