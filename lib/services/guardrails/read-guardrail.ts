import "server-only";

import { lintGuardrail } from "@/lib/core/guardrails/lint";
import { guardrailFromObject, guardrailHash, parseGuardrail } from "@/lib/core/guardrails/parse";
import { failingGuardrailTests } from "@/lib/core/guardrails/pinned";
import type { Guardrail } from "@/lib/core/guardrails/schema";
import type { ManifestNote } from "@/lib/core/manifests/check";
import { placedFindings } from "@/lib/core/manifests/lint";
import { faultsOfNotes, notesOfFaults, notesOfFindings } from "@/lib/core/manifests/notes";
import type { ManifestSource } from "@/lib/core/manifests/versions";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import { createValidators } from "@/lib/core/tools/validators";
import { findCatalogue } from "@/lib/data/policies";
import { readSql } from "@/lib/platform/sql-reader";

import type { ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";

/** A guardrail that can be published. `content` is what the engine reads, `text` what people wrote. */
export type ReadGuardrail = {
  readonly guardrail: Guardrail;
  readonly text: string;
  readonly content: JsonObject;
  readonly hash: string;
  readonly notes: readonly ManifestNote[];
};

/** Either that, or every reason it cannot be. */
export type GuardrailReading =
  | ({ readonly ok: true } & ReadGuardrail)
  | { readonly ok: false; readonly guardrail: Guardrail | null; readonly notes: readonly ManifestNote[] };

const validators = createValidators();

/** Parses, lints against the workspace's catalogue and runs the pinned tests. Stores nothing and refuses nothing. */
export async function examineGuardrail(ctx: ServiceContext, source: ManifestSource): Promise<GuardrailReading> {
  const { tools: catalogue } = await findCatalogue(ctx.db, ctx.workspaceId);
  const parsed = typeof source === "string" ? parseGuardrail(source) : guardrailFromObject(source);
  if (!parsed.ok) return { ok: false, guardrail: null, notes: notesOfFaults(parsed.faults) };

  const { guardrail, text } = parsed;
  const around = { catalogue, validators, readSql, now: ctx.now };
  const findings = lintGuardrail(guardrail, around);
  const isBroken = findings.some((finding) => finding.severity === "error");
  const failing = isBroken ? [] : failingGuardrailTests(guardrail, around);
  const notes = notesOfFindings(placedFindings([...failing, ...findings], text));
  if (notes.some((note) => note.severity === "error")) return { ok: false, guardrail, notes };
  const hash = guardrailHash(sha256Hex, guardrail);
  return { ok: true, guardrail, text, content: asJsonObject(guardrail), hash, notes };
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
