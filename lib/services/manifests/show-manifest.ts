import "server-only";

import type { ManifestVersion } from "@/lib/core/manifests/versions";
import { AppError } from "@/lib/core/shared/errors";
import { findVersion } from "@/lib/data/manifests";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";

/**
 * One version of an agent's manifest; without a number the published one.
 *
 * @throws {AppError} `not_found`
 */
export async function showManifest(
  ctx: ServiceContext,
  input: { readonly agent: string; readonly version?: number | undefined },
): Promise<ManifestVersion> {
  requireMember(ctx);
  const agent = await agentOf(ctx.db, ctx.workspaceId, input.agent);
  const number = input.version ?? agent.manifest_version;
  const version = number === null ? null : await findVersion(ctx.db, ctx.workspaceId, agent.agentId, number);
  if (!version)
    throw new AppError(
      "not_found",
      number === null ? "No manifest is published for this agent." : `The agent has no version ${number}.`,
    );
  return version;
}
