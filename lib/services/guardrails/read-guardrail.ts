import "server-only";

import { faultsOfNotes } from "@/lib/core/manifests/notes";
import type { ManifestSource } from "@/lib/core/manifests/versions";
import { AppError } from "@/lib/core/shared/errors";
import { findCatalogue } from "@/lib/data/policies";

import type { ServiceContext } from "../context";
import { doWork, lengthOf } from "../manifests/do-work";
import type { GuardrailJudgement, ReadGuardrail } from "./judge-guardrail";

/** Parses, lints against the workspace's catalogue and runs the pinned tests. Stores nothing and refuses nothing. */
export async function examineGuardrail(
  ctx: ServiceContext,
  source: ManifestSource,
  explain = false,
): Promise<GuardrailJudgement> {
  const { tools: catalogue } = await findCatalogue(ctx.db, ctx.workspaceId);
  return doWork(ctx, "judgeGuardrail", lengthOf(source), { source, catalogue, now: ctx.now, explain });
}

/**
 * The same for publishing.
 *
 * @throws {AppError} `unprocessable` (`invalid_guardrail`) with every fault, and its line where the source is text
 */
export async function readGuardrail(ctx: ServiceContext, source: ManifestSource): Promise<ReadGuardrail> {
  const reading = await examineGuardrail(ctx, source);
  if (reading.ok) return reading;
  // An object has no lines of its own: those of the YAML we would write from it are nobody's.
  const faults = faultsOfNotes(reading.notes).map((fault) =>
    typeof source === "string" ? fault : { code: fault.code, path: fault.path, message: fault.message },
  );
  const [first] = faults;
  const count = faults.length === 1 ? "" : ` (and ${faults.length - 1} more)`;
  const where = first?.line === undefined ? "" : `line ${first.line}: `;
  const message = `The guardrail cannot be published: ${where}${first?.message ?? "it has faults."}${count}`;
  throw new AppError("unprocessable", message, { reason: "invalid_guardrail", faults });
}
