import "server-only";

import { randomBytes } from "node:crypto";

import type { Callback, RemoveCallbackInput, SetCallbackInput } from "@/lib/core/agents/callback";
import { AppError } from "@/lib/core/shared/errors";
import { mayBePublic } from "@/lib/clients/public-address";
import type { AgentRecord } from "@/lib/data/agents";
import { deleteCallback, findCallback, upsertCallback } from "@/lib/data/callbacks";
import { transact, type Tx } from "@/lib/data/db";
import { sealSecret } from "@/lib/platform/sealed";

import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { agentOf } from "./find-agent";

const SECRET_BYTES = 32;

/** What a call-back's secret is sealed under, so that it opens for no other agent. */
export const callbackLabel = (workspaceId: string, agentId: string): string =>
  `agent callback ${workspaceId} ${agentId}`;

/**
 * Sets where an agent is told what became of its requests. What is sent is signed with the secret in the answer, which
 * is shown once; setting it again makes another.
 *
 * The name is looked up anew whenever something is sent, and only a public address is told anything.
 *
 * @throws {AppError} `forbidden` unless DRI, policy administrator or administrator; `not_found`; `unprocessable`
 *   (`private_address`)
 */
export async function setCallback(
  ctx: ServiceContext,
  { agent: handle, url }: SetCallbackInput,
): Promise<{ readonly url: string; readonly secret: string }> {
  const { hostname, origin } = new URL(url);
  if (!mayBePublic(hostname)) {
    const message = "This is an address of a private network, which is told nothing.";
    throw new AppError("unprocessable", message, {
      reason: "private_address",
      faults: [{ code: "private_address", path: "/url", message }],
    });
  }
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
  return transact(ctx.db, async (tx) => {
    const agent = await ownAgent(tx, ctx, handle);
    const sealedSecret = sealSecret(secret, callbackLabel(ctx.workspaceId, agent.agentId));
    await upsertCallback(tx, ctx.workspaceId, { agentId: agent.agentId, url, sealedSecret });
    // Only the origin: what follows it may be a secret of its own.
    await record(tx, ctx, "agent.callback", { agent: agent.id, origin });
    return { url, secret };
  });
}

/** Tells an agent nothing any more. Doing so twice is doing it once. @throws {AppError} as `setCallback` */
export async function removeCallback(
  ctx: ServiceContext,
  { agent: handle }: RemoveCallbackInput,
): Promise<{ readonly removed: boolean }> {
  return transact(ctx.db, async (tx) => {
    const agent = await ownAgent(tx, ctx, handle);
    const removed = await deleteCallback(tx, ctx.workspaceId, agent.agentId);
    if (removed) await record(tx, ctx, "agent.callback", { agent: agent.id, origin: null });
    return { removed };
  });
}

/** An agent's call-back without its secret, for any member. @throws {AppError} `not_found` for an unknown agent */
export async function showCallback(
  ctx: ServiceContext,
  handle: string,
): Promise<{ readonly callback: Callback | null }> {
  requireMember(ctx);
  const { agentId } = await agentOf(ctx.db, ctx.workspaceId, handle);
  return { callback: await findCallback(ctx.db, ctx.workspaceId, agentId) };
}

async function ownAgent(tx: Tx, ctx: ServiceContext, handle: string): Promise<AgentRecord> {
  const actor = await requireNow(tx, ctx);
  const agent = await agentOf(tx, ctx.workspaceId, handle);
  if (agent.driId !== actor.memberId) requireRole({ ...ctx, actor }, "policy_admin", "admin");
  return agent;
}
