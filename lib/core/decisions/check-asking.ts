import { finding, PASS } from "./results";
import type { AskingFacts, CheckResult, Reason } from "./schema";

/**
 * Whether an agent may ask people once more: not for what they refused lately, not while it is paused for flooding, and
 * not beyond what may wait at once. The commit repeats exactly this on what stands under the agent's lock.
 *
 * Written so that a number that is none counts against the call.
 */
export function checkAsking({
  refusedSecondsAgo,
  repeatSeconds,
  isPaused,
  joins,
  waiting,
  most,
}: AskingFacts): CheckResult {
  if (refusedSecondsAgo !== null && !(refusedSecondsAgo >= repeatSeconds)) {
    return refused("repeat_of_denied", "A person refused this very call lately.");
  }
  if (isPaused)
    return refused("approval_paused", "This agent asked for so much that it may ask for nothing for a while.");
  if (!joins && !(waiting < most)) {
    return refused("approval_backlog", `${waiting} requests of this agent wait for people; no more than ${most} may.`);
  }
  return PASS.approval;
}

function refused(code: string, message: string): CheckResult {
  const reason: Reason = { code, message, path: "" };
  return finding("approval", "deny", `requests.${code}`, reason);
}
