import "server-only";

import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { type AgentRecord, findAgentByHandle } from "@/lib/data/agents";
import type { Db } from "@/lib/data/db";
import { findMember } from "@/lib/data/members";

/** @throws {AppError} `not_found` when this workspace has no agent of that handle */
export async function agentOf(on: Db, workspaceId: WorkspaceId, handle: string): Promise<AgentRecord> {
  const agent = await findAgentByHandle(on, workspaceId, handle);
  if (!agent) throw new AppError("not_found", `There is no agent \`${handle}\`.`);
  return agent;
}

/** @throws {AppError} `unprocessable` unless the e-mail address or id is that of a member who can act */
export async function driOf(
  on: Db,
  workspaceId: WorkspaceId,
  idOrEmail: string,
): Promise<{ readonly id: MemberId; readonly name: string }> {
  const member = await findMember(on, workspaceId, idOrEmail);
  if (!member || member.disabled) {
    const message = member
      ? "This member is disabled and cannot answer for an agent."
      : "There is no member of this e-mail address or id.";
    throw new AppError("unprocessable", message, {
      reason: "unknown_dri",
      faults: [{ code: "unknown_dri", path: "/dri", message }],
    });
  }
  return { id: MemberId.parse(member.id), name: member.name };
}
