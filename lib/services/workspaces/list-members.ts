import "server-only";

import { listMembersOf, type MemberPage } from "@/lib/data/members";

import { requireMember, type ServiceContext } from "../context";

const MOST = 200;

/** Everyone of the workspace, oldest first, disabled members included. */
export async function listMembers(
  ctx: ServiceContext,
  { limit = MOST, cursor }: { readonly limit?: number; readonly cursor?: string | undefined } = {},
): Promise<MemberPage> {
  requireMember(ctx);
  return listMembersOf(ctx.db, ctx.workspaceId, { limit: Math.min(limit, MOST), cursor });
}
