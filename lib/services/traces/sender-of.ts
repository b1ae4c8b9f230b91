import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { Sender } from "@/lib/core/traces/stored-event";
import { findHandle } from "@/lib/data/agent-handles";

import { requireAgent, type ServiceContext } from "../context";

/**
 * The agent that sends telemetry, by its credential, with its handle.
 *
 * @throws {AppError} `forbidden` without the scope `ingest`, or when the agent is gone
 */
export async function senderOf(ctx: ServiceContext): Promise<Sender & { readonly handle: string }> {
  const { agentId, credentialId } = requireAgent(ctx, "ingest");
  const handle = await findHandle(ctx.db, ctx.workspaceId, agentId);
  if (handle === null) throw new AppError("forbidden", "This agent does not exist any more.");
  return { agentId, credentialId, handle };
}
