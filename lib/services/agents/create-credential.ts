import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { CredentialScope } from "@/lib/core/agents/schema";
import { CredentialId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { insertCredential, listCredentials } from "@/lib/data/credentials";
import { transact } from "@/lib/data/db";
import { makeSecret } from "@/lib/platform/secret";

import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { agentOf } from "./find-agent";

const SCOPES: readonly CredentialScope[] = ["decide", "ingest", "context"];
/** Overlap needs two; more usable keys than this is somebody's forgotten script. */
const MAX_USABLE = 5;

type Input = {
  readonly agent: string;
  readonly days: number;
  readonly scopes?: readonly CredentialScope[] | undefined;
};

/**
 * Makes another key for an agent. Older keys go on until they expire or are revoked, so that keys can be rotated with
 * overlap.
 *
 * @throws {AppError} `forbidden` unless DRI or policy administrator; `not_found`; `conflict` for a retired agent or too many keys
 */
export async function createCredential(
  ctx: ServiceContext,
  input: Input,
): Promise<{ credential_id: string; key: string; hint: string; expires_at: Date }> {
  requireMember(ctx);
  const { secret: key, hash, hint } = makeSecret("ilk_");
  return transact(ctx.db, async (tx) => {
    const actor = await requireNow(tx, ctx);
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    if (agent.driId !== actor.memberId) requireRole({ ...ctx, actor }, "policy_admin", "admin");
    if (agent.status === "retired")
      throw new AppError("conflict", "A retired agent gets no keys.", { reason: "retired" });
    const usable = (await listCredentials(tx, ctx.workspaceId, agent.agentId)).filter(
      (credential) => credential.usable,
    );
    if (usable.length >= MAX_USABLE) {
      throw new AppError("conflict", `This agent has ${usable.length} usable keys. Revoke one first.`, {
        reason: "too_many_keys",
      });
    }
    const scopes = input.scopes ?? SCOPES;
    const credential = {
      id: CredentialId.parse(uuidv7()),
      agentId: agent.agentId,
      hash,
      hint,
      scopes,
      days: input.days,
    };
    const expiresAt = await insertCredential(tx, ctx.workspaceId, credential);
    await record(tx, ctx, "credential.create", {
      agent: agent.id,
      credential: credential.id,
      hint,
      scopes,
      expires_at: expiresAt.toISOString(),
    });
    return { credential_id: credential.id, key, hint, expires_at: expiresAt };
  });
}
