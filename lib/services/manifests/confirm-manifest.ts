import "server-only";

import { classifyChange } from "@/lib/core/manifests/diff";
import { Manifest } from "@/lib/core/manifests/schema";
import type { ChangeClass, VersionInput } from "@/lib/core/manifests/versions";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findVersion } from "@/lib/data/manifests";

import { agentOf } from "../agents/find-agent";
import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { refuseLoneWidening } from "../people/second-person";
import { requireNow } from "../require-now";
import { publishedManifest } from "./published-manifest";
import { putInForce } from "./put-in-force";
import { readManifest } from "./read-manifest";

/**
 * Puts a proposed version in force. What it changes is judged anew against the manifest in force now; a widening needs
 * a person who is independent of its author.
 *
 * @throws {AppError} `forbidden`; `not_found`; `conflict` (`needs_second_person`, `not_independent`, `not_pending`, `base_moved`);
 *   `unprocessable` when the catalogue has moved so that the version no longer lints
 */
export async function confirmManifest(
  ctx: ServiceContext,
  input: VersionInput,
): Promise<{ status: "published"; agent_id: string; version: number; hash: string; change: ChangeClass }> {
  const { memberId } = requireRole(ctx, "policy_admin", "admin");
  const known = await agentOf(ctx.db, ctx.workspaceId, input.agent);
  const proposed = await findVersion(ctx.db, ctx.workspaceId, known.agentId, input.version);
  if (!proposed) throw new AppError("not_found", `The agent has no version ${input.version}.`);
  const read = await readManifest(ctx, { agent: known, manifest: proposed.text });

  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "policy_admin", "admin");
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    const version = await findVersion(tx, ctx.workspaceId, agent.agentId, input.version);
    if (version?.state !== "pending")
      throw new AppError("conflict", `Version ${input.version} is not waiting any more.`, { reason: "not_pending" });
    if (agent.manifest_version !== null && agent.manifest_version > version.version) {
      const message = `Version ${agent.manifest_version} was published since. Propose the change again on top of it.`;
      throw new AppError("conflict", message, { reason: "base_moved" });
    }
    if (agent.status === "retired")
      throw new AppError("conflict", "A retired agent gets no new manifest.", { reason: "retired" });
    const before = await publishedManifest(tx, ctx, agent);
    const change = before === null ? "first" : classifyChange(before, Manifest.parse(version.content)).kind;
    if (change === "widening") await refuseLoneWidening(tx, ctx, version.created_by_id, agent.agentId);
    const entry = await putInForce(tx, ctx, {
      agent,
      version: version.version,
      hash: read.hash,
      change,
      proposedBy: version.created_by_id,
      by: memberId,
    });
    await record(tx, ctx, "manifest.publish", entry);
    return { status: "published", agent_id: agent.id, version: version.version, hash: read.hash, change } as const;
  });
}
