import "server-only";

import type { ChangeClass } from "@/lib/core/manifests/versions";
import type { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import type { Tx } from "@/lib/data/db";
import { settleGuardrail, supersedeGuardrail } from "@/lib/data/guardrails";
import { supersedeApprovals } from "@/lib/data/superseded";

import type { ServiceContext } from "../context";

type InForce = {
  readonly version: number;
  readonly hash: string;
  readonly change: ChangeClass;
  readonly previous: number | null;
  readonly proposedBy: string | null;
  readonly by: MemberId;
};

/**
 * Puts a pending version in force in place of the one before. The caller holds the barrier.
 *
 * Open approvals were asked for under the old one, whose terms may have been looser, and are closed with it.
 *
 * @returns what the ledger entry of it has to say
 * @throws {AppError} `conflict` when the version is not pending any more
 */
export async function putInForce(
  tx: Tx,
  ctx: ServiceContext,
  { version, hash, change, previous, proposedBy, by }: InForce,
): Promise<JsonObject> {
  await supersedeGuardrail(tx, ctx.workspaceId);
  const settled = await settleGuardrail(tx, ctx.workspaceId, version, { state: "published", by, change });
  if (!settled)
    throw new AppError("conflict", `Version ${version} is not waiting any more.`, { reason: "not_pending" });
  const closed = await supersedeApprovals(tx, ctx.workspaceId, { all: true });
  return { version, hash, change, previous, proposed_by: proposedBy, approvals_superseded: closed.length };
}
