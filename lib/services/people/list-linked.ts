import "server-only";

import { listLinkedMembers } from "@/lib/data/people";

import { requireMember, type ServiceContext } from "../context";

/** Which accounts are those of one person: by account, the name the person goes by. */
export async function listLinked(ctx: ServiceContext): Promise<ReadonlyMap<string, string>> {
  requireMember(ctx);
  const rows = await listLinkedMembers(ctx.db, ctx.workspaceId);
  return new Map(rows.map(({ id, personId }) => [id, personId]));
}
