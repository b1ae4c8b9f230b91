import "server-only";

import type { RevokeCredentialInput } from "@/lib/core/agents/change";
import { AppError } from "@/lib/core/shared/errors";
import { changeAgent } from "@/lib/data/agents";
import { revokeCredentialRow } from "@/lib/data/credentials";
import { transact } from "@/lib/data/db";

import { barrier } from "../barrier";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { agentOf } from "./find-agent";

/**
 * Revokes one key. Once this answers, no decision is committed for it any more.
 *
 * @throws {AppError} `forbidden` unless DRI, operator or policy administrator; `not_found`, also when already revoked
 */
export async function revokeCredential(
  ctx: ServiceContext,
  input: RevokeCredentialInput,
): Promise<{ credential_id: string; revoked: true }> {
  requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const actor = await requireNow(tx, ctx);
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    if (agent.driId !== actor.memberId) requireRole({ ...ctx, actor }, "operator", "policy_admin", "admin");
    const revoked = await revokeCredentialRow(tx, ctx.workspaceId, agent.agentId, input.credential_id);
    if (!revoked) throw new AppError("not_found", "This agent has no such key, or it is already revoked.");
    await changeAgent(tx, ctx.workspaceId, agent.agentId, {});
    await record(tx, ctx, "credential.revoke", { agent: agent.id, credential: input.credential_id });
  });
  return { credential_id: input.credential_id, revoked: true };
}
