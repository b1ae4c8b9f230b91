import "server-only";

import type { Environment, Level } from "@/lib/core/agents/schema";
import type { ManifestNote } from "@/lib/core/manifests/check";
import { lintManifest, placedFindings } from "@/lib/core/manifests/lint";
import { faultsOfNotes, notesOfFaults, notesOfFindings } from "@/lib/core/manifests/notes";
import { manifestFromObject, manifestHash, parseManifest } from "@/lib/core/manifests/parse";
import type { Manifest } from "@/lib/core/manifests/schema";
import type { ManifestSource } from "@/lib/core/manifests/versions";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";
import { findCatalogue } from "@/lib/data/policies";
import { readSql } from "@/lib/platform/sql-reader";

import type { ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { failingTests } from "./failing-tests";

/** Whose manifest it is to be; the agent need not be registered yet. */
export type ManifestOwner = { readonly id: string; readonly level: Level; readonly environment: Environment };

/** A manifest that can be published. `content` is what the engine reads, `text` what people wrote. */
export type ReadManifest = {
  readonly manifest: Manifest;
  readonly text: string;
  readonly content: JsonObject;
  readonly hash: string;
  readonly notes: readonly ManifestNote[];
};

/** Either that, or every reason it cannot be. */
export type ManifestReading =
  | ({ readonly ok: true; readonly catalogue: ReadonlyMap<string, CatalogueTool> } & ReadManifest)
  | {
      readonly ok: false;
      readonly manifest: Manifest | null;
      readonly notes: readonly ManifestNote[];
      readonly catalogue: ReadonlyMap<string, CatalogueTool>;
    };

type Input = { readonly agent: ManifestOwner; readonly manifest: ManifestSource };

const validators = createValidators();

/** Parses, lints against the workspace's catalogue and runs the pinned tests. Stores nothing and refuses nothing. */
export async function examineManifest(
  ctx: ServiceContext,
  { agent, manifest: source }: Input,
): Promise<ManifestReading> {
  const { tools: catalogue } = await findCatalogue(ctx.db, ctx.workspaceId);
  const parsed = typeof source === "string" ? parseManifest(source) : manifestFromObject(source);
  if (!parsed.ok) return { ok: false, manifest: null, notes: notesOfFaults(parsed.faults), catalogue };

  const { manifest, text } = parsed;
  // Before a person has typed a handle, the manifest is for whomever it names.
  const owner = { handle: agent.id || manifest.agent.id, level: agent.level, environment: agent.environment };
  const findings = lintManifest(manifest, catalogue, owner, validators);
  const hash = manifestHash(sha256Hex, manifest);
  const failing = findings.some((finding) => finding.severity === "error")
    ? []
    : failingTests({ manifest, hash, catalogue, validators, readSql, agent: owner, now: ctx.now });
  const notes = notesOfFindings(placedFindings([...findings, ...failing], text));
  if (notes.some((note) => note.severity === "error")) return { ok: false, manifest, notes, catalogue };
  return { ok: true, manifest, text, content: asJsonObject(manifest), hash, notes, catalogue };
}

/**
 * The same for publishing.
 *
 * @throws {AppError} `unprocessable` (`invalid_manifest`) with every fault, and its line where the source is text
 */
export async function readManifest(ctx: ServiceContext, input: Input): Promise<ReadManifest> {
  const reading = await examineManifest(ctx, input);
  if (reading.ok) return reading;
  // An object has no lines of its own: those of the YAML we would write from it are nobody's.
  const faults = faultsOfNotes(reading.notes).map((fault) =>
    typeof input.manifest === "string" ? fault : { code: fault.code, path: fault.path, message: fault.message },
  );
  const [first] = faults;
  const count = faults.length === 1 ? "" : ` (and ${faults.length - 1} more)`;
  const where = first?.line === undefined ? "" : `line ${first.line}: `;
  throw new AppError(
    "unprocessable",
    `The manifest cannot be published: ${where}${first?.message ?? "it has faults."}${count}`,
    {
      reason: "invalid_manifest",
      faults,
    },
  );
}
