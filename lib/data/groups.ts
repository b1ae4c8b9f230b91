import "server-only";

import { z } from "zod";

import { MOST_DENIED_TOGETHER } from "@/lib/core/approvals/grouped";
import { Headline } from "@/lib/core/approvals/headline";
import { ApprovalState } from "@/lib/core/approvals/schema";
import { Band } from "@/lib/core/decisions/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import { alikeColumns, AlikeFacts } from "./batches";
import type { Db } from "./db";
import { Prisma } from "./generated/client";

const AlikeRow = AlikeFacts.extend({
  id: z.uuid(),
  tool: z.string(),
  band: Band,
  state: ApprovalState,
  headline: Headline,
  displayDigest: z.string(),
  actionDigest: z.string(),
  expiresAt: z.date(),
  now: z.date(),
});
export type AlikeRow = z.infer<typeof AlikeRow>;

const COLUMNS = Prisma.sql`
  a.id, a.tool, a.band, a.state, a.display -> 'headline' AS headline, a.display_digest AS "displayDigest",
  a.action_digest AS "actionDigest", a.expires_at AS "expiresAt", clock_timestamp() AS now, ${alikeColumns}`;

/** What tells what an action is like; null when unknown. */
export async function findAlike(on: Db, workspaceId: WorkspaceId, id: string): Promise<AlikeRow | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM approvals a WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${id}::uuid`;
  return rows[0] === undefined ? null : AlikeRow.parse(rows[0]);
}

/** More than this of one agent and one tool are not compared; the group is then said to be larger. */
export const MOST_COMPARED = 2 * MOST_DENIED_TOGETHER;

/** What the same agent waits for with the same tool, stopped by the same rule: the oldest first. */
export async function listAlike(on: Db, workspaceId: WorkspaceId, like: AlikeRow): Promise<readonly AlikeRow[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM approvals a
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.agent_id = ${like.agentId}::uuid AND a.tool = ${like.tool}
      AND a.state = 'waiting' AND a.expires_at > clock_timestamp() AND a.manifest_version = ${like.manifestVersion}
      AND a.display ->> 'rule' IS NOT DISTINCT FROM ${like.rule}
    ORDER BY a.id LIMIT ${MOST_COMPARED}`;
  return AlikeRow.array().parse(rows);
}

/** Which of these a person has had before them. */
export async function listViewedBy(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT approval_id AS id FROM approval_views
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND approval_id = ANY (${[...ids]}::uuid[])
    LIMIT ${ids.length}`;
  return new Set(rows.map((row) => row.id));
}

/** Larger ones are looked at by themselves. */
const SUMMED_BYTES = 64 * 1024;

/** What reviewers of these are shown, as stored, where it is small enough to sum up beside others. */
export async function listDisplays(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  const rows = await on.$queryRaw<{ id: string; display: unknown }[]>`
    SELECT id, display FROM approvals
    WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${[...ids]}::uuid[])
      AND pg_column_size(display) <= ${SUMMED_BYTES} LIMIT ${ids.length}`;
  return new Map(rows.map((row) => [row.id, row.display]));
}
