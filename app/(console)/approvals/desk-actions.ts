import type { ReviewActions } from "@/components/approvals/action-review";
import type { BatchActions } from "@/components/approvals/desk-context";

import { requestStopAction } from "../stops-actions";
import { downloadApprovalAction, extendApprovalAction, requestRerunAction, revokeApprovalAction } from "./actions";
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

/** Whether this person may stop an agent, the page adds. */
export const reviewActions: Omit<ReviewActions, "mayStop"> = {
  extend: extendApprovalAction,
  download: downloadApprovalAction,
  rerun: requestRerunAction,
  stop: requestStopAction,
  revoke: revokeApprovalAction,
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
