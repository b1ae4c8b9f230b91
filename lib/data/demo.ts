import "server-only";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Tx } from "./db";

/** Marks everything there is, except some people, as part of the demonstration. */
export async function markAsDemo(tx: Tx, workspaceId: WorkspaceId, except: readonly MemberId[]): Promise<void> {
  await tx.agent.updateMany({ where: { workspaceId }, data: { demo: true } });
  await tx.tool.updateMany({ where: { workspaceId }, data: { demo: true } });
  await tx.member.updateMany({ where: { workspaceId, id: { notIn: [...except] } }, data: { demo: true } });
}
