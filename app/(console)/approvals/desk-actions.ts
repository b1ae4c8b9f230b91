import type { ReviewActions } from "@/components/approvals/action-review";

import { castVoteAction, downloadApprovalAction, extendApprovalAction, openApprovalAction } from "./actions";

/** What the desk may do about an action, for each page that shows one. */
export const DESK_ACTIONS: ReviewActions = {
  vote: castVoteAction,
  open: openApprovalAction,
  extend: extendApprovalAction,
  download: downloadApprovalAction,
};
