import "server-only";

import type { ChangeNote, ManifestNote } from "@/lib/core/manifests/check";
import { classifyChange } from "@/lib/core/manifests/diff";
import type { ChangeClass, PublishManifestInput } from "@/lib/core/manifests/versions";
import { AppError } from "@/lib/core/shared/errors";
import type { AgentRecord } from "@/lib/data/agents";
import { transact, type Tx } from "@/lib/data/db";
import { findVersionNumbers, insertVersion } from "@/lib/data/manifests";

import { agentOf } from "../agents/find-agent";
import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { publishedManifest } from "./published-manifest";
import { putInForce } from "./put-in-force";
import type { ReadManifest } from "./judge-manifest";
import { readManifest } from "./read-manifest";

/** What became of a proposed version. `needs_second_person`: it widens, and waits for another policy administrator. */
export type ProposedManifest = {
  readonly status: "published" | "pending" | "needs_second_person";
  readonly agent_id: string;
  readonly version: number;
  readonly hash: string;
  readonly change: ChangeClass;
  /** What it changes against the version in force, in words. */
  readonly changes: readonly ChangeNote[];
  readonly findings: readonly ManifestNote[];
};

/**
 * Stores a new version of an agent's manifest and, if asked to, puts it in force.
 *
 * What narrows or is neutral takes effect at once. What widens is stored and waits for a second person, whoever asks.
 *
 * @throws {AppError} `forbidden`, `not_found`; `unprocessable` with every fault and its line; `conflict` for a retired agent
 */
export async function publishManifest(ctx: ServiceContext, input: PublishManifestInput): Promise<ProposedManifest> {
  const { memberId } = requireRole(ctx, "policy_admin", "admin");
  const known = await agentOf(ctx.db, ctx.workspaceId, input.agent);
  const read = await readManifest(ctx, { agent: known, manifest: input.manifest });

  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "policy_admin", "admin");
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    if (agent.status === "retired")
      throw new AppError("conflict", "A retired agent gets no new manifest.", { reason: "retired" });
    const difference = await differenceOf(tx, ctx, agent, read);
    const answer = { agent_id: agent.id, hash: read.hash, ...difference, findings: read.notes };
    const numbers = await findVersionNumbers(tx, ctx.workspaceId, agent.agentId);
    const version = numbers.newest + 1;
    const now = input.publish && difference.change !== "widening";
    const { text, content, hash } = read;
    await insertVersion(tx, ctx.workspaceId, {
      agentId: agent.agentId,
      version,
      state: "pending",
      text,
      content,
      hash,
      change: difference.change,
      createdBy: memberId,
    });
    await record(tx, ctx, "manifest.propose", {
      agent: agent.id,
      version,
      hash,
      change: difference.change,
      base: agent.manifest_version,
    });
    if (now) {
      const entry = await putInForce(tx, ctx, {
        agent,
        version,
        hash,
        change: difference.change,
        proposedBy: memberId,
        by: memberId,
      });
      await record(tx, ctx, "manifest.publish", entry);
    }
    const status = now ? "published" : difference.change === "widening" ? "needs_second_person" : "pending";
    return { status, version, ...answer };
  });
}

async function differenceOf(tx: Tx, ctx: ServiceContext, agent: AgentRecord, read: ReadManifest) {
  const before = await publishedManifest(tx, ctx, agent);
  if (before === null) return { change: "first", changes: [] } as const;
  const { kind, changes } = classifyChange(before, read.manifest);
  return { change: kind, changes };
}
