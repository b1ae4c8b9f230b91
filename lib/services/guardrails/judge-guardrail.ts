import "server-only";

import { lintGuardrail } from "@/lib/core/guardrails/lint";
import { guardrailFromObject, guardrailHash, parseGuardrail } from "@/lib/core/guardrails/parse";
import { failingGuardrailTests } from "@/lib/core/guardrails/pinned";
import type { Guardrail } from "@/lib/core/guardrails/schema";
import type { ManifestNote, ManifestSentence } from "@/lib/core/manifests/check";
import { placedFindings } from "@/lib/core/manifests/lint";
import { notesOfFaults, notesOfFindings } from "@/lib/core/manifests/notes";
import type { ManifestSource } from "@/lib/core/manifests/versions";
import { asJsonObject } from "@/lib/core/shared/as-json";
import type { JsonObject } from "@/lib/core/shared/json";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";

import { sha256Hex } from "../decisions/digests";
import { sentencesOf } from "./sentences-of";

/** A guardrail that can be published. `content` is what the engine reads, `text` what people wrote. */
export type ReadGuardrail = {
  readonly guardrail: Guardrail;
  readonly text: string;
  readonly content: JsonObject;
  readonly hash: string;
  readonly notes: readonly ManifestNote[];
};

/** Either that, or every reason it cannot be. `sentences` are there when they were asked for and it can be read. */
export type GuardrailJudgement = { readonly sentences: readonly ManifestSentence[] } & (
  | ({ readonly ok: true } & ReadGuardrail)
  | { readonly ok: false; readonly guardrail: Guardrail | null; readonly notes: readonly ManifestNote[] }
);

export type JudgeGuardrailInput = {
  readonly source: ManifestSource;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  readonly now: Date;
  readonly explain: boolean;
};

const validators = createValidators();

/** Parses a guardrail, lints it against a catalogue and runs its pinned tests. All that takes time, and nothing else. */
export function judgeGuardrail({ source, catalogue, now, explain }: JudgeGuardrailInput): GuardrailJudgement {
  const parsed = typeof source === "string" ? parseGuardrail(source) : guardrailFromObject(source);
  if (!parsed.ok) return { ok: false, guardrail: null, notes: notesOfFaults(parsed.faults), sentences: [] };

  const { guardrail, text } = parsed;
  const around = { catalogue, validators, now };
  const findings = lintGuardrail(guardrail, around);
  const isBroken = findings.some((finding) => finding.severity === "error");
  const failing = isBroken ? [] : failingGuardrailTests(guardrail, around);
  const notes = notesOfFindings(placedFindings([...failing, ...findings], text));
  const sentences = explain ? sentencesOf(guardrail, typeof source === "string" ? source : null) : [];
  if (notes.some((note) => note.severity === "error")) return { ok: false, guardrail, notes, sentences };
  const hash = guardrailHash(sha256Hex, guardrail);
  return { ok: true, guardrail, text, content: asJsonObject(guardrail), hash, notes, sentences };
}
