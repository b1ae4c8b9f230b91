import type { AppErrorCode } from "@/lib/core/shared/errors";

import type { VoteRefusal } from "./vote";

/** How each refused vote is answered: the kind of error, and a sentence its voter can act on. */
export const REFUSALS: Record<VoteRefusal, { readonly code: AppErrorCode; readonly message: string }> = {
  already_decided: { code: "conflict", message: "Someone has already decided this action." },
  approval_expired: { code: "conflict", message: "This request expired before anyone decided. It did not run." },
  approval_withdrawn: { code: "conflict", message: "The agent withdrew this request. It did not run." },
  already_voted: {
    code: "conflict",
    message: "You have already voted on this action. A second vote would count as one person twice.",
  },
  role_missing: { code: "forbidden", message: "You do not hold the role that decides this action." },
  member_disabled: { code: "forbidden", message: "Your account is disabled." },
  self_approval: {
    code: "forbidden",
    message:
      "You are or lately were responsible for this agent, or stand in for somebody who is, so somebody else must approve. You may deny.",
  },
  not_independent: {
    code: "forbidden",
    message: "This takes two independent people, and you cannot be the second now. You may deny.",
  },
  workspace_stopped: {
    code: "conflict",
    message: "The workspace is stopped: nothing can be approved until it is resumed. You may deny.",
  },
  display_digest_missing: {
    code: "unprocessable",
    message: "Approving needs the display_digest of what you were shown: read the approval first.",
  },
  stale_view: { code: "conflict", message: "This is not what you were shown. Reload and look again." },
  too_early: {
    code: "too_early",
    message: "This had only just come on screen, so the answer was not taken. Look at it and answer again.",
  },
  step_up_missing: {
    code: "forbidden",
    message: "Approving this takes a code from an authenticator app, and you have none set up. You may deny.",
  },
  screen_only: {
    code: "forbidden",
    message: "This is approved on the desk only, where its effect is on screen.",
  },
  note_missing: { code: "unprocessable", message: "This answer needs a note." },
  evidence_missing: {
    code: "unprocessable",
    message: "Not everything that approving this action takes has been done.",
  },
};

/** The six reasons for a denial that have a key each; the text is what the agent is told. */
export const DENY_REASONS = [
  "Wrong target",
  "Too broad: touches more than was asked for",
  "Not needed for the task",
  "Cannot be undone safely",
  "Based on old or wrong information",
  "Looks like something the agent was talked into",
] as const;
