import "server-only";

import type { z } from "zod";

import type { ApprovalRef } from "@/lib/core/approvals/schema";
import { handOffFault } from "@/lib/core/approvals/vote";
import { AppError } from "@/lib/core/shared/errors";
import { findApproval } from "@/lib/data/approvals";
import { listVotersOf } from "@/lib/data/members";

import { requireMember, type ServiceContext } from "../context";

/** The people an action can be handed to: who may decide it, and nobody else. */
export async function listHandOff(
  ctx: ServiceContext,
  { approval_id: id }: z.infer<typeof ApprovalRef>,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { memberId } = requireMember(ctx);
  const stored = await findApproval(ctx.db, ctx.workspaceId, id);
  if (!stored) throw new AppError("not_found", "There is no such approval.");
  const people = await listVotersOf(ctx.db, ctx.workspaceId, stored.approval.approverRole);
  return people
    .filter((person) => handOffFault(stored.approval, person, memberId) === null)
    .map(({ id: person, name }) => ({ id: person, name }));
}
