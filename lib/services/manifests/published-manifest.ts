import "server-only";

import { Manifest } from "@/lib/core/manifests/schema";
import type { AgentRecord } from "@/lib/data/agents";
import type { Db } from "@/lib/data/db";
import { findVersion } from "@/lib/data/manifests";

import type { ServiceContext } from "../context";

/** The manifest that is in force for an agent; null when none is, or when this version of us cannot read it. */
export async function publishedManifest(on: Db, ctx: ServiceContext, agent: AgentRecord): Promise<Manifest | null> {
  if (agent.manifest_version === null) return null;
  const version = await findVersion(on, ctx.workspaceId, agent.agentId, agent.manifest_version);
  const manifest = Manifest.safeParse(version?.content);
  return manifest.success ? manifest.data : null;
}
