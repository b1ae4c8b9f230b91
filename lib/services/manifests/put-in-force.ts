import "server-only";

import type { ChangeClass } from "@/lib/core/manifests/versions";
import type { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import { type AgentRecord, changeAgent } from "@/lib/data/agents";
import type { Tx } from "@/lib/data/db";
import { settleVersion, supersedeVersion } from "@/lib/data/manifests";
import { supersedeApprovals } from "@/lib/data/superseded";

import type { ServiceContext } from "../context";

type InForce = {
  readonly agent: AgentRecord;
  readonly version: number;
  readonly hash: string;
  readonly change: ChangeClass;
  readonly proposedBy: string | null;
  readonly by: MemberId;
};

/**
 * Puts a pending version in force in place of the one before. The caller holds the barrier.
 *
 * Open approvals name the old version, so they can never be used again and are closed with it.
 *
 * @returns what the ledger entry of it has to say
 * @throws {AppError} `conflict` when the version is not pending any more
 */
export async function putInForce(
  tx: Tx,
  ctx: ServiceContext,
  { agent, version, hash, change, proposedBy, by }: InForce,
): Promise<JsonObject> {
  await supersedeVersion(tx, ctx.workspaceId, agent.agentId);
  const settled = await settleVersion(tx, ctx.workspaceId, agent.agentId, version, { state: "published", by, change });
  if (!settled)
    throw new AppError("conflict", `Version ${version} is not waiting any more.`, { reason: "not_pending" });
  const status = agent.status === "draft" ? ("active" as const) : undefined;
  await changeAgent(tx, ctx.workspaceId, agent.agentId, { manifestVersion: version, status });
  const closed = await supersedeApprovals(tx, ctx.workspaceId, { agentId: agent.agentId });
  return {
    agent: agent.id,
    version,
    hash,
    change,
    previous: agent.manifest_version,
    proposed_by: proposedBy,
    approvals_superseded: closed.length,
  };
}
