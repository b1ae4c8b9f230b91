import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { RegisterAgentInput } from "@/lib/core/agents/schema";
import type { ManifestNote } from "@/lib/core/manifests/check";
import { AgentId, CredentialId, type MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { insertAgent } from "@/lib/data/agents";
import { insertCredential } from "@/lib/data/credentials";
import { transact, type Tx } from "@/lib/data/db";
import { insertVersion } from "@/lib/data/manifests";
import { makeSecret } from "@/lib/platform/secret";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import type { ReadManifest } from "../manifests/judge-manifest";
import { readManifest } from "../manifests/read-manifest";
import { requireNow } from "../require-now";
import { driOf } from "./find-agent";

const SCOPES = ["decide", "ingest", "context"] as const;
const DAYS = 90;

/** The new agent. `key` is nowhere else: only its hash is kept. */
export type RegisteredAgent = {
  readonly agent_id: string;
  readonly key: string;
  readonly key_expires_at: Date;
  readonly manifest: { readonly version: number; readonly hash: string } | null;
  readonly findings: readonly ManifestNote[];
};

/**
 * Registers an agent with one key and, if a manifest came with it, publishes that as version 1.
 *
 * @throws {AppError} `forbidden`; `conflict` for a handle in use; `unprocessable` with every fault of the manifest and
 *   its line, or for an unknown DRI
 */
export async function registerAgent(ctx: ServiceContext, input: RegisterAgentInput): Promise<RegisteredAgent> {
  const { memberId } = requireRole(ctx, "policy_admin", "admin");
  refuseReserved(input.id);
  const dri = await driOf(ctx.db, ctx.workspaceId, input.dri);
  const read =
    input.manifest === undefined ? null : await readManifest(ctx, { agent: input, manifest: input.manifest });
  const { secret: key, hash, hint } = makeSecret("ilk_");
  const agentId = AgentId.parse(uuidv7());

  const expiresAt = await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "policy_admin", "admin");
    const inserted = await insertAgent(tx, ctx.workspaceId, {
      id: agentId,
      handle: input.id,
      task: input.task,
      driId: dri.id,
      owners: input.owners ?? {},
      environment: input.environment,
      status: read ? "active" : "draft",
      level: input.level,
      manifestVersion: read ? 1 : null,
    });
    if (!inserted)
      throw new AppError("conflict", `There is already an agent \`${input.id}\`.`, { reason: "handle_taken" });
    const credential = { id: CredentialId.parse(uuidv7()), agentId, hash, hint, scopes: SCOPES, days: DAYS };
    const expiry = await insertCredential(tx, ctx.workspaceId, credential);
    await record(tx, ctx, "agent.register", {
      agent: input.id,
      agent_id: agentId,
      dri: dri.id,
      environment: input.environment,
      level: input.level,
      credential: credential.id,
      credential_hint: hint,
    });
    if (read) await publishFirst(tx, ctx, { agentId, handle: input.id, memberId, read });
    return expiry;
  });

  const manifest = read && { version: 1, hash: read.hash };
  return { agent_id: input.id, key, key_expires_at: expiresAt, manifest, findings: read?.notes ?? [] };
}

type First = {
  readonly agentId: AgentId;
  readonly handle: string;
  readonly memberId: MemberId;
  readonly read: ReadManifest;
};

async function publishFirst(tx: Tx, ctx: ServiceContext, { agentId, handle, memberId, read }: First): Promise<void> {
  const { text, content, hash } = read;
  const version = {
    agentId,
    version: 1,
    state: "published",
    text,
    content,
    hash,
    change: "first",
    createdBy: memberId,
  } as const;
  await insertVersion(tx, ctx.workspaceId, version);
  await record(tx, ctx, "manifest.publish", {
    agent: handle,
    version: 1,
    hash,
    change: "first",
    previous: null,
    proposed_by: memberId,
  });
}

/** Handles are parts of addresses; these have a page of their own there. */
function refuseReserved(handle: string): void {
  if (handle.toLowerCase() !== "new") return;
  const message = `\`${handle}\` cannot be an agent's handle.`;
  throw new AppError("unprocessable", message, {
    reason: "reserved_handle",
    faults: [{ code: "reserved_handle", path: "/id", message }],
  });
}
