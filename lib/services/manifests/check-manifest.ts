import "server-only";

import type { CheckedManifest, CheckManifestInput } from "@/lib/core/manifests/check";
import { classifyChange } from "@/lib/core/manifests/diff";
import { manifestHash } from "@/lib/core/manifests/parse";
import type { Manifest } from "@/lib/core/manifests/schema";
import { type AgentRecord, findAgentByHandle } from "@/lib/data/agents";

import { requireMember, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { publishedManifest } from "./published-manifest";
import { examineManifest } from "./read-manifest";

/**
 * What publishing this manifest would meet: its faults with their lines, tools nobody catalogued, its rules in plain
 * words and what it changes. Stores nothing; open to every member.
 */
export async function checkManifest(ctx: ServiceContext, input: CheckManifestInput): Promise<CheckedManifest> {
  requireMember(ctx);
  const known = input.agent === "" ? null : await findAgentByHandle(ctx.db, ctx.workspaceId, input.agent);
  const owner = known ?? { id: input.agent, level: 2 as const, environment: "production" as const };
  const reading = await examineManifest(ctx, { agent: owner, manifest: input.manifest, explain: true });
  const { manifest, catalogue } = reading;
  const unknown = manifest?.tools.allowed.map((tool) => tool.name).filter((name) => !catalogue.has(name)) ?? [];
  return {
    ok: reading.ok,
    hash: manifest && manifestHash(sha256Hex, manifest),
    notes: [...reading.notes],
    unknown_tools: [...new Set(unknown)],
    sentences: [...reading.sentences],
    ...(await changeOf(ctx, known, manifest)),
  };
}

async function changeOf(
  ctx: ServiceContext,
  agent: AgentRecord | null,
  manifest: Manifest | null,
): Promise<Pick<CheckedManifest, "change" | "changes">> {
  if (!manifest) return { change: null, changes: [] };
  const before = agent && (await publishedManifest(ctx.db, ctx, agent));
  if (!before) return { change: "first", changes: [] };
  const { kind, changes } = classifyChange(before, manifest);
  return { change: kind, changes: [...changes] };
}
