import "server-only";

import { classifyGuardrail } from "@/lib/core/guardrails/diff";
import { Guardrail } from "@/lib/core/guardrails/schema";
import type { ChangeNote, ManifestSentence } from "@/lib/core/manifests/check";
import type { ManifestVersion } from "@/lib/core/manifests/versions";
import { AppError } from "@/lib/core/shared/errors";
import { findGuardrail } from "@/lib/data/guardrails";

import { requireMember, type ServiceContext } from "../context";
import { doWork } from "../manifests/do-work";

/** A version to be read by people: its text, its rules in words, and what it changed against another version. */
export type ExplainedGuardrail = {
  readonly version: ManifestVersion;
  readonly sentences: readonly ManifestSentence[];
  readonly compared: { readonly version: ManifestVersion; readonly changes: readonly ChangeNote[] } | null;
};

/**
 * One version of the guardrail, or the one in force.
 *
 * @throws {AppError} `not_found`
 */
export async function showGuardrail(
  ctx: ServiceContext,
  input: { readonly version: number | "current"; readonly compare?: number | undefined },
): Promise<ExplainedGuardrail> {
  requireMember(ctx);
  const version = await findGuardrail(ctx.db, ctx.workspaceId, input.version);
  if (!version) {
    const message = input.version === "current" ? "No guardrail is in force." : `There is no version ${input.version}.`;
    throw new AppError("not_found", message);
  }
  const read = Guardrail.safeParse(version.content);
  const sentences = read.success
    ? await doWork(ctx, "explainGuardrail", version.text.length, [read.data, version.text])
    : [];
  const other = input.compare === undefined ? null : await findGuardrail(ctx.db, ctx.workspaceId, input.compare);
  const before = Guardrail.safeParse(other?.content);
  if (!other || !read.success) return { version, sentences, compared: null };
  const changes = before.success ? classifyGuardrail(before.data, read.data).changes : [];
  return { version, sentences, compared: { version: other, changes } };
}
