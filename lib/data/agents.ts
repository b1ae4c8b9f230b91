import "server-only";

import { z } from "zod";

import {
  AgentItem,
  type PendingApproval,
  PendingApproval as Pending,
  type VerdictCounts,
} from "@/lib/core/agents/item";
import {
  type AgentOwners,
  AgentOwners as Owners,
  type AgentStatus,
  type Environment,
  type Level,
} from "@/lib/core/agents/schema";
import { Verdict } from "@/lib/core/decisions/schema";
import { AgentId, MemberId, type WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const COLUMNS = Prisma.sql`
  a.id AS uid, a.handle AS agent_id, a.handle AS id, a.task, a.status, a.level, a.environment, a.manifest_version, a.demo, a.created_at,
  jsonb_build_object('id', m.id, 'name', m.name, 'email', m.email) AS dri`;

const Row = AgentItem.omit({ counts_24h: true });
type Row = z.infer<typeof Row>;

/** By handle. The cursor is the last handle shown. */
export async function listAgentRows(
  on: Db,
  workspaceId: WorkspaceId,
  filter: { readonly status?: AgentStatus | undefined; readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly items: readonly Row[]; readonly next: string | null }> {
  const status = filter.status ? Prisma.sql`AND a.status = ${filter.status}` : Prisma.empty;
  const after = filter.cursor ? Prisma.sql`AND a.handle > ${filter.cursor}` : Prisma.empty;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM agents a JOIN members m ON m.id = a.dri_id
    WHERE a.workspace_id = ${workspaceId}::uuid ${status} ${after}
    ORDER BY a.handle LIMIT ${filter.limit + 1}`;
  const items = Row.array().parse(rows.slice(0, filter.limit));
  return { items, next: rows.length > filter.limit ? (items.at(-1)?.id ?? null) : null };
}

/** An agent as a change of it needs it. */
export type AgentRecord = Row & { readonly agentId: AgentId; readonly driId: MemberId; readonly owners: AgentOwners };

/** The agent of this handle; null when this workspace has none. */
export async function findAgentByHandle(on: Db, workspaceId: WorkspaceId, handle: string): Promise<AgentRecord | null> {
  const rows = await on.$queryRaw<{ owners: unknown }[]>`
    SELECT ${COLUMNS}, a.owners FROM agents a JOIN members m ON m.id = a.dri_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.handle = ${handle}`;
  const [raw] = rows;
  if (!raw) return null;
  const row = Row.parse(raw);
  return {
    ...row,
    agentId: AgentId.parse(row.uid),
    driId: MemberId.parse(row.dri.id),
    owners: Owners.catch({}).parse(raw.owners),
  };
}

const CountRow = z.object({ agent_id: z.uuid(), verdict: Verdict, n: z.int() });

/** Verdicts of the last 24 hours by agent. */
export async function countVerdicts(on: Db, workspaceId: WorkspaceId): Promise<ReadonlyMap<string, VerdictCounts>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT agent_id, verdict, count(*)::int AS n FROM decisions
    WHERE workspace_id = ${workspaceId}::uuid AND id >= uuid_at(clock_timestamp() - interval '24 hours')
    GROUP BY agent_id, verdict LIMIT 50000`;
  const counts = new Map<string, VerdictCounts>();
  for (const { agent_id, verdict, n } of CountRow.array().parse(rows)) {
    counts.set(agent_id, { ...(counts.get(agent_id) ?? noVerdicts()), [verdict]: n });
  }
  return counts;
}

/** Nothing decided yet. */
export const noVerdicts = (): VerdictCounts => ({ allow: 0, require_approval: 0, recommend: 0, deny: 0, halt: 0 });

/** What waits for people now, the most urgent first. */
export async function listPendingOf(on: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<PendingApproval[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, tool, band, score, expires_at FROM approvals
    WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid AND state = 'waiting' AND expires_at > clock_timestamp()
    ORDER BY expires_at LIMIT 50`;
  return Pending.array().parse(rows);
}

/** Whether somebody stopped this agent and nobody has ended that stop. */
export async function isStopped(on: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<boolean> {
  const open = await on.stop.findFirst({
    where: { workspaceId, scope: "agent", targetId: agentId, resumedAt: null },
    select: { id: true },
  });
  return open !== null;
}

export type NewAgent = {
  readonly id: AgentId;
  readonly handle: string;
  readonly task: string;
  readonly driId: MemberId;
  readonly owners: AgentOwners;
  readonly environment: Environment;
  readonly status: AgentStatus;
  readonly level: Level;
  readonly manifestVersion: number | null;
};

/** @returns false when the handle is taken; nothing is then written */
export async function insertAgent(tx: Tx, workspaceId: WorkspaceId, agent: NewAgent): Promise<boolean> {
  const { count } = await tx.agent.createMany({
    data: { ...agent, owners: { ...agent.owners }, workspaceId },
    skipDuplicates: true,
  });
  return count === 1;
}

export type AgentChange = {
  readonly task?: string | undefined;
  readonly driId?: MemberId | undefined;
  readonly owners?: AgentOwners | undefined;
  readonly environment?: Environment | undefined;
  readonly status?: AgentStatus | undefined;
  readonly level?: Level | undefined;
  readonly manifestVersion?: number | undefined;
};

/** Changes an agent and makes every cached policy of it stale. */
export async function changeAgent(
  tx: Tx,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  change: AgentChange,
): Promise<void> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await tx.agent.update({
    where: { id: agentId, workspaceId },
    data: { ...given, ...(change.level !== undefined && { levelChangedAt: new Date() }), epoch: { increment: 1 } },
    select: { id: true },
  });
}
