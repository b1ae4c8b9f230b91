import "server-only";

import type { Facts } from "@/lib/core/decisions/schema";
import { compile, type CompiledManifest, createValidators } from "@/lib/core/manifests/compile";
import { locator } from "@/lib/core/manifests/parse";
import { Manifest } from "@/lib/core/manifests/schema";
import { createToolPool } from "@/lib/core/manifests/tool-pool";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import { databaseNow, observeDatabaseTime } from "@/lib/data/clock";
import type { Db } from "@/lib/data/db";
import { findCatalogue, findPolicySource, type PolicySource } from "@/lib/data/policies";
import { readSql } from "@/lib/platform/sql-reader";

import { loadSigner } from "../ledger/signer-cache";

/** All that deciding about one agent needs, compiled; valid exactly while both epochs are the current ones. */
export type Policy = {
  readonly workspaceEpoch: bigint;
  readonly agentEpoch: bigint;
  readonly source: PolicySource;
  readonly compiled: CompiledManifest | null;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  /** The guardrail that was merged in; null where the workspace has none. */
  readonly guardrail: { readonly version: number; readonly hash: string } | null;
  /** How long each context source stays fresh, in seconds. */
  readonly ttls: ReadonlyMap<string, number>;
  /** The line of a place in the manifest; reads the text once, when first asked. */
  lineOf(path: string): number | null;
};

/** The facts that a policy itself gives: the time, and how workspace and agent stand. */
export function controlFacts({ source }: Policy): Pick<Facts, "now" | "workspace" | "agent"> {
  return {
    now: databaseNow(),
    workspace: { stopped: source.stopped, readsOnly: source.stage !== "running" },
    agent: { handle: source.handle, status: source.status, environment: source.environment, level: source.level },
  };
}

const MAX_AGENTS = 5_000;
const MAX_CATALOGUES = 200;

// Caches by version, never by time: the commit compares both epochs under the workspace lock, so an old entry can cost
// a second evaluation and nothing else.
const policies = new Map<AgentId, Policy>();
const catalogues = new Map<WorkspaceId, Awaited<ReturnType<typeof findCatalogue>>>();
const validators = createValidators();
const pool = createToolPool();

/** The agent's policy as this process knows it; `fresh` asks the database again after a commit called it stale. */
export async function policyOf(db: Db, workspaceId: WorkspaceId, agentId: AgentId, fresh = false): Promise<Policy> {
  const known = policies.get(agentId);
  if (known && !fresh) return known;
  // Whoever comes while another asks may share the answer: should it be too old for him, his commit says so again.
  const loading = underWay.get(agentId) ?? loadPolicy(db, workspaceId, agentId).finally(() => underWay.delete(agentId));
  underWay.set(agentId, loading);
  return loading;
}

const underWay = new Map<AgentId, Promise<Policy>>();

async function loadPolicy(db: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<Policy> {
  const [source] = await Promise.all([findPolicySource(db, workspaceId, agentId), loadSigner(db, workspaceId)]);
  if (!source) throw new AppError("not_found", "There is no such agent.");
  observeDatabaseTime(source.now);
  const catalogue = await catalogueOf(db, workspaceId, source.workspace_epoch);
  const manifest = manifestOf(source);
  const policy: Policy = {
    // The older of the two: had anything changed between the reads, the commit must call this policy stale.
    workspaceEpoch: source.workspace_epoch,
    agentEpoch: source.agent_epoch,
    source,
    compiled:
      manifest && source.version !== null && source.hash !== null
        ? compile({
            manifest,
            guardrail: catalogue.guardrail,
            version: source.version,
            hash: source.hash,
            catalogue: catalogue.tools,
            validators,
            readSql,
            pool,
          })
        : null,
    catalogue: catalogue.tools,
    guardrail: catalogue.guardrail && { version: catalogue.guardrail.version, hash: catalogue.guardrail.hash },
    lineOf: lineFinder(source.text),
    ttls: new Map(
      manifest?.context?.sources.flatMap(({ name, ttl_seconds }) =>
        ttl_seconds === undefined ? [] : [[name, ttl_seconds]],
      ),
    ),
  };
  remember(policies, agentId, policy, MAX_AGENTS);
  return policy;
}

async function catalogueOf(db: Db, workspaceId: WorkspaceId, epoch: bigint) {
  const known = catalogues.get(workspaceId);
  if (known?.epoch === epoch) return known;
  const catalogue = await findCatalogue(db, workspaceId);
  remember(catalogues, workspaceId, catalogue, MAX_CATALOGUES);
  return catalogue;
}

function lineFinder(text: string | null): Policy["lineOf"] {
  let find: ReturnType<typeof locator> | null = null;
  return (path) => {
    // What the guardrail says is not in the manifest's text.
    if (text === null || path.startsWith("/guardrails")) return null;
    find ??= locator(text);
    return find(path)?.line ?? null;
  };
}

/** A stored manifest this version cannot read decides nothing: no manifest means every call is denied. */
function manifestOf(source: PolicySource): Manifest | null {
  if (source.version === null || source.hash === null) return null;
  return Manifest.safeParse(source.content).data ?? null;
}

function remember<K, V>(cache: Map<K, V>, key: K, value: V, most: number): void {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size > most) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
}
