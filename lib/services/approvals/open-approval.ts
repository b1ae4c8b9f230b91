import "server-only";

import { isUuid } from "@/lib/core/shared/page";
import { insertApprovalView } from "@/lib/data/approvals";

import { requireMember, type ServiceContext } from "../context";

/**
 * Notes that a person has a request before them. The time to look is counted from the first of these, by the database's
 * clock; an unknown id is nothing to look at and is not an error.
 */
export async function openApproval(ctx: ServiceContext, id: string): Promise<void> {
  const { memberId } = requireMember(ctx);
  if (isUuid(id)) await insertApprovalView(ctx.db, ctx.workspaceId, id, memberId);
}
