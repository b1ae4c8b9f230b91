import "server-only";

import { z } from "zod";

import { DeskItem, type HandedItem, type LaneCounts } from "@/lib/core/approvals/desk";
import type { Voter } from "@/lib/core/approvals/schema";
import { Band } from "@/lib/core/decisions/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";
import { itemColumns } from "./desk";
import { Prisma } from "./generated/client";
import { LIVE } from "./leases";

/** A lane is counted no further than this, and then said to hold at least as many. */
export const COUNTED = 1_000;
/** A batch is chosen among so many of each band with the highest score, and as many that are due soonest. */
const LOOKED_AT = 50;

const QUORUM = Prisma.sql`greatest(a.quorum, CASE a.band WHEN 'critical' THEN 2 ELSE 1 END)`;

// `statement_timestamp` because an index can be entered by it; whoever votes is judged by the clock of that moment.
const WAITS = Prisma.sql`a.state = 'waiting' AND a.expires_at > statement_timestamp()`;

/**
 * Whether this person may decide `approvals a`: by role, by separation of duties, not having answered yet, and beside
 * those who have.
 */
const mayDecide = (voter: Voter) => Prisma.sql`(
  a.approver_role = ANY (${voter.disabled ? [] : [...voter.roles]}::text[])
  AND NOT (a.separation_of_duties AND (a.dri_at_request = ANY (${[...voter.answersFor]}::uuid[])
    OR (SELECT g.dri_id FROM agents g WHERE g.id = a.agent_id) = ANY (${[...voter.answersFor]}::uuid[])))
  AND NOT ((a.separation_of_duties OR ${QUORUM} > 1)
    AND dris_lately(a.agent_id, statement_timestamp()) && ${[...voter.answersFor]}::uuid[])
  AND (${QUORUM} = 1 OR NOT EXISTS (
    SELECT FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL AND v.member_id = ANY (${[...voter.oneWith]}::uuid[]))))`;

/** Whether somebody may still take `approvals a`: fewer people look at it than answers are missing. */
const free = (voter: Voter) => Prisma.sql`(
  NOT EXISTS (SELECT FROM leases l WHERE l.approval_id = a.id AND ${LIVE})
  OR (NOT EXISTS (SELECT FROM leases l WHERE l.approval_id = a.id AND l.member_id = ${voter.id}::uuid AND ${LIVE})
    AND (SELECT count(*) FROM leases l WHERE l.approval_id = a.id AND ${LIVE})
      < ${QUORUM} - (SELECT count(*) FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL)))`;

const CountRow = z.object({ band: Band, mine: z.boolean(), n: z.int() });

export type Lanes = { readonly lanes: LaneCounts; readonly cut: readonly (Band | "others")[] };

/** How many actions wait: for this person by band, and for others only. No lane is walked further than `COUNTED`. */
export async function countLanes(on: Db, workspaceId: WorkspaceId, voter: Voter): Promise<Lanes> {
  const rows = await on.$queryRaw<unknown[]>(laneCountSql(workspaceId, voter));
  const counts = CountRow.array().parse(rows);
  const sum = (some: readonly z.infer<typeof CountRow>[]) => some.reduce((total, row) => total + row.n, 0);
  const of = (band: Band) => sum(counts.filter((row) => row.mine && row.band === band));
  const cut = Band.options.filter((band) => sum(counts.filter((row) => row.band === band)) > COUNTED);
  const seen = (n: number) => Math.min(n, COUNTED);
  return {
    lanes: {
      critical: seen(of("critical")),
      high: seen(of("high")),
      elevated: seen(of("elevated")),
      low: seen(of("low")),
      others: seen(sum(counts.filter((row) => !row.mine))),
    },
    cut: cut.length === 0 ? [] : [...cut, "others"],
  };
}

/** Exported for the test that looks at its plan. */
export function laneCountSql(workspaceId: WorkspaceId, voter: Voter): Prisma.Sql {
  return Prisma.sql`
    SELECT b.band, w.mine, count(*)::int AS n FROM unnest(ARRAY['critical','high','elevated','low']) AS b (band)
    CROSS JOIN LATERAL (
      SELECT ${mayDecide(voter)} AS mine FROM (
        SELECT a.id, a.agent_id, a.band, a.quorum, a.approver_role, a.separation_of_duties, a.dri_at_request FROM approvals a
        WHERE a.workspace_id = ${workspaceId}::uuid AND a.band = b.band AND ${WAITS}
        ORDER BY a.score DESC, a.expires_at LIMIT ${COUNTED + 1}) a) w
    GROUP BY 1, 2`;
}

const CandidateRow = z.object({
  id: z.uuid(),
  band: Band,
  score: z.int(),
  expiresAt: z.date(),
  escalatedAt: z.date().nullable(),
  quorum: z.int(),
  votes: z.int(),
});
export type FreeAction = z.infer<typeof CandidateRow>;

/**
 * What this person could take now: of each band those with the highest score and those due soonest, never the whole
 * queue. What stands in neither list has fifty before it that are riskier and fifty that are more urgent.
 */
export async function listFreeActions(
  on: Db,
  workspaceId: WorkspaceId,
  voter: Voter,
  band?: Band,
): Promise<readonly FreeAction[]> {
  const rows = await on.$queryRaw<unknown[]>(freeActionsSql(workspaceId, voter, band));
  return CandidateRow.array().parse(rows);
}

/** Exported for the test that looks at its plan. */
export function freeActionsSql(workspaceId: WorkspaceId, voter: Voter, band?: Band): Prisma.Sql {
  const bands = band === undefined ? [...Band.options] : [band];
  const walk = (order: Prisma.Sql) => Prisma.sql`(
    SELECT a.id, a.band, a.score, a.expires_at, a.escalated_at, ${QUORUM} AS quorum FROM approvals a
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.band = b.band AND ${WAITS} AND ${mayDecide(voter)} AND ${free(voter)}
    ORDER BY ${order} LIMIT ${LOOKED_AT})`;
  return Prisma.sql`
    SELECT DISTINCT ON (c.id) c.id, c.band, c.score, c.expires_at AS "expiresAt", c.escalated_at AS "escalatedAt", c.quorum::int,
      (SELECT count(*)::int FROM votes v WHERE v.approval_id = c.id AND v.undone_at IS NULL) AS votes
    FROM unnest(${bands}::text[]) AS b (band) CROSS JOIN LATERAL (
      ${walk(Prisma.sql`a.score DESC, a.expires_at, a.id`)} UNION ALL ${walk(Prisma.sql`a.expires_at, a.id`)}) c
    ORDER BY c.id`;
}

/** These actions as the desk lists them, in the order of the ids. */
export async function listItems(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: string,
  ids: readonly string[],
): Promise<readonly DeskItem[]> {
  if (ids.length === 0) return [];
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${itemColumns(memberId)} FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ANY (${[...ids]}::uuid[]) ORDER BY a.id LIMIT ${ids.length}`;
  const items = new Map(
    DeskItem.array()
      .parse(rows)
      .map((item) => [item.id, item]),
  );
  return ids.flatMap((id) => items.get(id) ?? []);
}

/** Actions this person cannot decide, or not any more: the riskiest of each band first. */
export async function listOthersItems(
  on: Db,
  workspaceId: WorkspaceId,
  voter: Voter,
  limit: number,
): Promise<readonly DeskItem[]> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT w.id FROM unnest(ARRAY['critical','high','elevated','low']) WITH ORDINALITY AS b (band, place)
    CROSS JOIN LATERAL (
      SELECT a.id, a.score, a.expires_at, NOT ${mayDecide(voter)} AS others FROM (
        SELECT * FROM approvals a WHERE a.workspace_id = ${workspaceId}::uuid AND a.band = b.band AND ${WAITS}
        ORDER BY a.score DESC, a.expires_at LIMIT ${COUNTED + 1}) a) w
    WHERE w.others ORDER BY b.place, w.score DESC, w.expires_at, w.id LIMIT ${limit}`;
  return listItems(
    on,
    workspaceId,
    voter.id,
    rows.map((row) => row.id),
  );
}

const HandedRow = DeskItem.extend({ handedBy: z.string(), note: z.string(), until: z.date(), votes: z.int() });

/** What was handed to this person and is in no batch yet, as long as the lease holds. */
export async function listHanded(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: string,
): Promise<readonly (HandedItem & { readonly votes: number })[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${itemColumns(memberId)}, h.name AS "handedBy", l.note, l.until,
           (SELECT count(*)::int FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL) AS votes
    FROM leases l JOIN approvals a ON a.id = l.approval_id JOIN agents g ON g.id = a.agent_id JOIN members h ON h.id = l.handed_by
    WHERE l.workspace_id = ${workspaceId}::uuid AND l.member_id = ${memberId}::uuid AND l.batch_id IS NULL AND ${LIVE} AND ${WAITS}
    ORDER BY a.expires_at, a.id LIMIT 50`;
  return HandedRow.array().parse(rows);
}
