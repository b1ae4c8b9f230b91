import { type Approval, stateAt, type Voter } from "./schema";
import { mayVote } from "./vote";

/** Whether a person may give a request more time: it waits, it never got any, and they are one who decides it. */
export function mayExtend(approval: Approval, voter: Voter | null, now: Date): boolean {
  if (voter === null || voter.disabled || approval.extendedAt !== null) return false;
  return stateAt(approval, now) === "waiting" && mayVote(approval, voter, "approve");
}
