import type { ApprovalFault, NamedApprovalFacts } from "./facts";
import { finding } from "./results";
import type { CheckResult } from "./schema";

const APPROVED = finding("approval", "allow", "approval", {
  code: "approved",
  message: "Approved by people for exactly this action, once.",
  path: "/approval_id",
});

const WORDS: Readonly<Record<ApprovalFault, string>> = {
  approval_not_found: "This agent has no such approval.",
  approval_action_mismatch:
    "The approval is for another action: its arguments, tool definition, session or manifest differ from what was shown. Ask again.",
  approval_consumed: "This approval has been used. An approval is good for one call.",
  approval_denied: "A person denied it.",
  approval_expired:
    "The approval expired before it was used, so the call did not run. Ask again if it is still needed.",
  approval_waiting: "Nobody has decided yet. Poll the approval and call again once it is approved.",
  approval_withdrawn: "The request was withdrawn. Ask again if it is still needed.",
  approval_superseded: "A newer request took this one's place. Wait for that one.",
  approval_base_moved:
    "The data changed after the approval, so the call did not run. Make a new dry run and ask again.",
  quorum_lost: "The people who approved may no longer approve. Ask again.",
};

/** The approval that a call names: it allows exactly this call, or says why it cannot. */
export function checkNamed({ fault, note }: NamedApprovalFacts): CheckResult {
  if (fault === null) return APPROVED;
  const said = fault === "approval_denied" && note ? ` Their note: ${note}` : "";
  const reason = { code: fault, message: `${WORDS[fault]}${said}`, path: "/approval_id" };
  return finding("approval", "deny", "approval", reason);
}
