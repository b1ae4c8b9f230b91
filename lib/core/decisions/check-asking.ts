import { MINUTE_MS, SECOND_MS } from "@/lib/core/shared/time";

import { finding, PASS } from "./results";
import type { AskingFacts, CheckResult } from "./schema";

/** After how long a place may be free again: long enough for a person to answer one request. */
const BACKLOG_SECONDS = 60;

/**
 * Whether an agent may ask people once more: not for what they refused recently, not while it is paused for flooding, and
 * not beyond what may wait at once. Judged under the agent's lock.
 *
 * A value that is not a number counts against the call.
 */
export function checkAsking(asking: AskingFacts, now: Date): CheckResult {
  const { refusedSecondsAgo, repeatSeconds, isPaused, joins, waiting, most } = asking;
  if (refusedSecondsAgo !== null && !(refusedSecondsAgo >= repeatSeconds)) return repeated(asking, now);
  if (isPaused) {
    const { pausedSeconds } = asking;
    const until = pausedSeconds === undefined ? "" : ` until ${clock(now, pausedSeconds)}, or`;
    const message = `This agent asked too often and is paused${until} until a person lets it ask again. Requests that wait keep waiting.`;
    return refused("approval_paused", message, pausedSeconds);
  }
  if (!joins && !(waiting < most)) {
    const message = `${waiting} requests of this agent are waiting for people, and at most ${most} may. Wait for answers, or withdraw requests that are no longer needed.`;
    return refused("approval_backlog", message, BACKLOG_SECONDS);
  }
  return PASS.approval;
}

function repeated({ refusedSecondsAgo, repeatSeconds, refusal }: AskingFacts, now: Date): CheckResult {
  const ago = refusedSecondsAgo ?? 0;
  const left = repeatSeconds - ago;
  const verb = refusal?.verdict === "returned" ? "returned" : "denied";
  const note = refusal?.note ? ` Their note: ${refusal.note}` : "";
  const message = `A person ${verb} this call at ${clock(now, -ago, "floor")}.${note} It is refused without asking again until ${clock(now, left)}. Do something else.`;
  return refused("repeat_of_denied", message, left);
}

/** The minute of the day in UTC; a time to come is rounded up, so that it is not promised too early. */
function clock(now: Date, seconds: number, round: "ceil" | "floor" = "ceil"): string {
  const at = Math[round]((now.getTime() + seconds * SECOND_MS) / MINUTE_MS) * MINUTE_MS;
  return Number.isFinite(at) ? `${new Date(at).toISOString().slice(11, 16)} UTC` : "an unknown time";
}

function refused(code: string, message: string, wait: number | undefined): CheckResult {
  const retry =
    wait === undefined || !Number.isFinite(wait) ? {} : { retry_after_seconds: Math.max(0, Math.ceil(wait)) };
  return finding("approval", "deny", `requests.${code}`, { code, message, path: "", ...retry });
}
