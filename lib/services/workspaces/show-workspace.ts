import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { Member } from "@/lib/core/workspaces/schema";
import { findMember } from "@/lib/data/members";
import { findWorkspace, type Workspace } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";

/** Where the person is and who they are here. */
export async function showWorkspace(
  ctx: ServiceContext,
): Promise<{ readonly workspace: Workspace; readonly member: Member }> {
  const { memberId } = requireMember(ctx);
  const [workspace, member] = await Promise.all([
    findWorkspace(ctx.db, ctx.workspaceId),
    findMember(ctx.db, ctx.workspaceId, memberId),
  ]);
  if (!workspace || !member) throw new AppError("not_found", "There is no such workspace.");
  return { workspace, member };
}
