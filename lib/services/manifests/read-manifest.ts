import "server-only";

import type { Environment, Level } from "@/lib/core/agents/schema";
import { faultsOfNotes } from "@/lib/core/manifests/notes";
import type { ManifestSource } from "@/lib/core/manifests/versions";
import { AppError } from "@/lib/core/shared/errors";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import { findCatalogue } from "@/lib/data/policies";

import type { ServiceContext } from "../context";
import { doWork, lengthOf } from "./do-work";
import type { ManifestJudgement, ReadManifest } from "./judge-manifest";

/** Whose manifest it is to be; the agent need not be registered yet. */
export type ManifestOwner = { readonly id: string; readonly level: Level; readonly environment: Environment };

/** What judging a manifest says, and the catalogue it was judged against. */
export type ManifestReading = ManifestJudgement & { readonly catalogue: ReadonlyMap<string, CatalogueTool> };

type Input = { readonly agent: ManifestOwner; readonly manifest: ManifestSource; readonly explain?: boolean };

/** Parses, lints against the workspace's catalogue and runs the pinned tests. Stores nothing and refuses nothing. */
export async function examineManifest(
  ctx: ServiceContext,
  { agent, manifest: source, explain = false }: Input,
): Promise<ManifestReading> {
  const { tools: catalogue } = await findCatalogue(ctx.db, ctx.workspaceId);
  const owner = { handle: agent.id, level: agent.level, environment: agent.environment };
  const input = { source, agent: owner, catalogue, now: ctx.now, explain };
  return { ...(await doWork(ctx, "judgeManifest", lengthOf(source), input)), catalogue };
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
