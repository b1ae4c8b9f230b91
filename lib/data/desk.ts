import "server-only";

import { z } from "zod";

import { Level } from "@/lib/core/agents/schema";
import { DeskItem, ToolRecord } from "@/lib/core/approvals/desk";
import type { HistoryQuery } from "@/lib/core/approvals/history";
import { TARGET_NAMES } from "@/lib/core/decisions/facets";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { type Page, pageOf } from "@/lib/core/shared/page";

import { historyConditions } from "./approval-history";
import { inState } from "./approvals";
import { type Db, transact, type Tx } from "./db";
import { Prisma } from "./generated/client";

/** Several reads on one connection, where each by itself would open a transaction of its own. For reading only. */
export function readTogether<T>(on: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return transact(on, read);
}

/** On whom or what the call of `approvals a` acts: `targetOf` in SQL, so that no list reads whole arguments. */
export const TARGET = Prisma.sql`
  (SELECT n || '=' || left(a.display -> 'args' ->> n, 120) FROM unnest(${[...TARGET_NAMES]}::text[]) WITH ORDINALITY AS t (n, place)
   WHERE jsonb_typeof(a.display -> 'args' -> n) IN ('string', 'number') AND a.display -> 'args' ->> n <> '' ORDER BY place LIMIT 1)`;

/** A `DeskItem` of `approvals a` and `agents g`, as this person sees it. */
export const itemColumns = (memberId: string) => Prisma.sql`
  a.id, a.display -> 'headline' AS headline, ${TARGET} AS target, g.handle AS agent, g.demo, a.tool, a.band, a.score, a.quorum,
  CASE WHEN a.state IN ('waiting', 'approved') AND a.expires_at <= clock_timestamp() THEN 'expired' ELSE a.state END AS state,
  a.created_at AS "createdAt", a.expires_at AS "expiresAt", a.settled_at AS "settledAt", a.escalated_at AS "escalatedAt",
  coalesce((SELECT v.verdict FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL AND v.member_id = ${memberId}::uuid),
    (SELECT i.verdict FROM calibration_items i WHERE i.approval_id = a.id AND i.member_id = ${memberId}::uuid)) AS mine,
  (a.separation_of_duties AND (ARRAY[a.dri_at_request, g.dri_id] || dris_lately(g.id, clock_timestamp()))
    && (SELECT answers_for(${memberId}::uuid, clock_timestamp()))) AS own`;

/** Actions that are over, latest first, as far as they are narrowed. */
export async function listHistoryItems(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  query: HistoryQuery,
  limit: number,
): Promise<Page<DeskItem>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${itemColumns(memberId)} FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE ${historyConditions(workspaceId, memberId, query)} ORDER BY a.id DESC LIMIT ${limit + 1}`;
  return pageOf(DeskItem.array().parse(rows), limit);
}

/** The database's time. */
export async function findNow(on: Db): Promise<Date> {
  const rows = await on.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  return z.date().parse(rows[0]?.now);
}

const DayRow = z.object({ allowed: z.int(), refused: z.int() });

/** What was decided without people in the last 24 hours. */
export async function countLastDay(on: Db, workspaceId: WorkspaceId): Promise<z.infer<typeof DayRow>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT count(*) FILTER (WHERE verdict = 'allow')::int AS allowed, count(*) FILTER (WHERE verdict IN ('deny', 'halt'))::int AS refused
    FROM decisions WHERE workspace_id = ${workspaceId}::uuid AND id >= uuid_at(clock_timestamp() - interval '24 hours')`;
  return DayRow.parse(rows[0]);
}

/** What became of this agent's requests for this tool in 30 days. */
export async function findToolRecord(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: string,
  tool: string,
): Promise<ToolRecord> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT count(*)::int AS asked, count(*) FILTER (WHERE a.state IN ('approved', 'consumed'))::int AS approved,
           count(*) FILTER (WHERE a.state IN ('denied', 'returned'))::int AS denied,
           count(*) FILTER (WHERE ${inState("expired")})::int AS expired,
           count(*) FILTER (WHERE o.outcome NOT IN ('success', 'retry'))::int AS failed
    FROM approvals a LEFT JOIN outcomes o ON o.decision_id = a.consumed_by
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.agent_id = ${agentId}::uuid AND a.tool = ${tool} AND a.executor = 'agent'
      AND a.id >= uuid_at(clock_timestamp() - interval '30 days')`;
  return ToolRecord.parse(rows[0]);
}

/** The latest earlier requests of the same agent for the same tool. */
export async function listSimilarItems(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  like: { readonly id: string; readonly agentId: string; readonly tool: string },
): Promise<readonly DeskItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${itemColumns(memberId)} FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.agent_id = ${like.agentId}::uuid AND a.tool = ${like.tool} AND a.executor = 'agent'
      AND a.id < ${like.id}::uuid ORDER BY a.id DESC LIMIT 8`;
  return DeskItem.array().parse(rows);
}

const AgentRow = z.object({ status: z.string(), level: Level, driName: z.string() });

/** The agent as it is now, and who answers for it. */
export async function findAgentNow(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: string,
): Promise<z.infer<typeof AgentRow>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.status, g.level, m.name AS "driName" FROM agents g JOIN members m ON m.id = g.dri_id
    WHERE g.workspace_id = ${workspaceId}::uuid AND g.id = ${agentId}::uuid`;
  return AgentRow.parse(rows[0]);
}

/** What the call that used an approval reported; null while it has not. */
export async function findOutcomeOf(on: Db, workspaceId: WorkspaceId, decisionId: string): Promise<string | null> {
  const row = await on.outcome.findFirst({ where: { workspaceId, decisionId }, select: { outcome: true } });
  return row?.outcome ?? null;
}
