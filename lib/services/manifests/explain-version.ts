import "server-only";

import type { ChangeNote, ManifestSentence } from "@/lib/core/manifests/check";
import { classifyChange } from "@/lib/core/manifests/diff";
import { Manifest } from "@/lib/core/manifests/schema";
import type { ManifestVersion } from "@/lib/core/manifests/versions";
import { findVersion } from "@/lib/data/manifests";
import { findCatalogue } from "@/lib/data/policies";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";
import { doWork } from "./do-work";
import { showManifest } from "./show-manifest";

/** A version to be read by people: its text, its rules in words, and what it changed against another version. */
export type ExplainedVersion = {
  readonly version: ManifestVersion;
  readonly sentences: readonly ManifestSentence[];
  readonly compared: { readonly version: ManifestVersion; readonly changes: readonly ChangeNote[] } | null;
};

type Input = { readonly agent: string; readonly version?: number | undefined; readonly compare?: number | undefined };

/** @throws {AppError} `not_found` when the agent or the version is */
export async function explainVersion(ctx: ServiceContext, input: Input): Promise<ExplainedVersion> {
  requireMember(ctx);
  const agent = await agentOf(ctx.db, ctx.workspaceId, input.agent);
  const version = await showManifest(ctx, input);
  const manifest = Manifest.safeParse(version.content);
  const { tools } = await findCatalogue(ctx.db, ctx.workspaceId);
  const sentences = manifest.success
    ? await doWork(ctx, "explainManifest", version.text.length, [manifest.data, version.text, tools])
    : [];
  const other =
    input.compare === undefined ? null : await findVersion(ctx.db, ctx.workspaceId, agent.agentId, input.compare);
  if (!other || !manifest.success) return { version, sentences, compared: null };
  const before = Manifest.safeParse(other.content);
  const changes = before.success ? classifyChange(before.data, manifest.data).changes : [];
  return { version, sentences, compared: { version: other, changes } };
}
