import "server-only";

import type { ManifestNote, ManifestSentence } from "@/lib/core/manifests/check";
import { lintManifest, placedFindings } from "@/lib/core/manifests/lint";
import type { LintedAgent } from "@/lib/core/manifests/lint-finding";
import { notesOfFaults, notesOfFindings } from "@/lib/core/manifests/notes";
import { manifestFromObject, manifestHash, parseManifest } from "@/lib/core/manifests/parse";
import type { Manifest } from "@/lib/core/manifests/schema";
import type { ManifestSource } from "@/lib/core/manifests/versions";
import { asJsonObject } from "@/lib/core/shared/as-json";
import type { JsonObject } from "@/lib/core/shared/json";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";

import { sha256Hex } from "../decisions/digests";
import { failingTests } from "./failing-tests";
import { sentencesOf } from "./sentences-of";

/** A manifest that can be published. `content` is what the engine reads, `text` what people wrote. */
export type ReadManifest = {
  readonly manifest: Manifest;
  readonly text: string;
  readonly content: JsonObject;
  readonly hash: string;
  readonly notes: readonly ManifestNote[];
};

/** Either that, or every reason it cannot be. `sentences` are there when they were asked for and it can be read. */
export type ManifestJudgement = { readonly sentences: readonly ManifestSentence[] } & (
  | ({ readonly ok: true } & ReadManifest)
  | { readonly ok: false; readonly manifest: Manifest | null; readonly notes: readonly ManifestNote[] }
);

export type JudgeManifestInput = {
  readonly source: ManifestSource;
  /** Before a person has typed a handle, it is empty and the manifest is for whomever it names. */
  readonly agent: LintedAgent;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  readonly now: Date;
  readonly explain: boolean;
};

const validators = createValidators();

/** Parses a manifest, lints it against a catalogue and runs its pinned tests. All that takes time, and nothing else. */
export function judgeManifest({ source, agent, catalogue, now, explain }: JudgeManifestInput): ManifestJudgement {
  const parsed = typeof source === "string" ? parseManifest(source) : manifestFromObject(source);
  if (!parsed.ok) return { ok: false, manifest: null, notes: notesOfFaults(parsed.faults), sentences: [] };

  const { manifest, text } = parsed;
  const owner = { ...agent, handle: agent.handle || manifest.agent.id };
  const findings = lintManifest(manifest, catalogue, owner, validators);
  const hash = manifestHash(sha256Hex, manifest);
  const failing = findings.some((finding) => finding.severity === "error")
    ? []
    : failingTests({ manifest, hash, catalogue, validators, agent: owner, now });
  const notes = notesOfFindings(placedFindings([...findings, ...failing], text));
  const sentences = explain ? sentencesOf(manifest, typeof source === "string" ? source : null, catalogue) : [];
  if (notes.some((note) => note.severity === "error")) return { ok: false, manifest, notes, sentences };
  return { ok: true, manifest, text, content: asJsonObject(manifest), hash, notes, sentences };
}
