import type { ReviewActions } from "@/components/approvals/action-review";
import type { BatchActions } from "@/components/approvals/desk-context";

import {
  castVoteAction,
  downloadApprovalAction,
  extendApprovalAction,
  openApprovalAction,
  requestRerunAction,
} from "./actions";
import {
  approveGroupAction,
  askForActionAction,
  deferActionAction,
  denyTogetherAction,
  endBatchAction,
  expandMemberAction,
  handOffActionAction,
  listHandOffAction,
  renewBatchAction,
  takeBatchAction,
} from "./batch-actions";

export const reviewActions: ReviewActions = {
  vote: castVoteAction,
  open: openApprovalAction,
  extend: extendApprovalAction,
  download: downloadApprovalAction,
  rerun: requestRerunAction,
};

export const batchActions: BatchActions = {
  take: takeBatchAction,
  renew: renewBatchAction,
  end: endBatchAction,
  defer: deferActionAction,
  handOff: handOffActionAction,
  people: listHandOffAction,
  ask: askForActionAction,
  denyTogether: denyTogetherAction,
  approveGroup: approveGroupAction,
  expand: expandMemberAction,
};
