import "server-only";

import { z } from "zod";

import { Headline } from "@/lib/core/approvals/headline";
import type { HistoryQuery } from "@/lib/core/approvals/history";
import { Band } from "@/lib/core/decisions/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { isUuid } from "@/lib/core/shared/page";

import { inState } from "./approvals";
import { LISTED } from "./calibration";
import type { Db } from "./db";
import { Prisma } from "./generated/client";

/** Conditions on `approvals a JOIN agents g`: what of the history is asked for. */
export function historyConditions(workspaceId: WorkspaceId, memberId: MemberId, query: HistoryQuery): Prisma.Sql {
  const parts = [Prisma.sql`a.workspace_id = ${workspaceId}::uuid`, LISTED];
  const { state, band, agent, tool, text, person, from, to, cursor } = query;
  if (state === "history") parts.push(Prisma.sql`NOT ${inState("waiting")}`);
  else if (state !== "mine") parts.push(inState(state));
  else parts.push(votedBy(Prisma.sql`v.member_id = ${memberId}::uuid`));
  if (agent) parts.push(Prisma.sql`g.handle = ${agent}`);
  if (tool) parts.push(Prisma.sql`a.tool = ${tool}`);
  if (band) parts.push(Prisma.sql`a.band = ${band}`);
  if (text) parts.push(hasText(text));
  if (person) {
    // Who has answered what still waits is told to nobody, by a search neither.
    parts.push(Prisma.sql`NOT ${inState("waiting")}`);
    parts.push(votedBy(Prisma.sql`(m.name ILIKE ${like(person)} OR m.email ILIKE ${like(person)})`));
  }
  // An id begins with its time, so a range of days is a range of ids.
  if (from) parts.push(Prisma.sql`a.id >= uuid_at(${from}::date::timestamp AT TIME ZONE 'UTC')`);
  if (to) parts.push(Prisma.sql`a.id < uuid_at((${to}::date + 1)::timestamp AT TIME ZONE 'UTC')`);
  if (cursor) parts.push(Prisma.sql`a.id < ${cursor}::uuid`);
  return Prisma.join(parts, " AND ");
}

const votedBy = (who: Prisma.Sql) =>
  Prisma.sql`EXISTS (SELECT FROM votes v JOIN members m ON m.id = v.member_id WHERE v.approval_id = a.id AND v.undone_at IS NULL AND ${who})`;

/** Every word somewhere in the headline, the agent's or the tool's name; or the id of something it belongs to. */
function hasText(text: string): Prisma.Sql {
  if (isUuid(text)) return Prisma.sql`${text}::uuid IN (a.id, a.decision_id, a.run_id, a.session_id, a.consumed_by)`;
  const words = text.split(/\s+/).map(
    (word) => Prisma.sql`(concat_ws(' ', a.display -> 'headline' ->> 'verb', a.display -> 'headline' ->> 'count',
      a.display -> 'headline' ->> 'unit', a.display -> 'headline' ->> 'resource', a.display -> 'headline' ->> 'environment',
      g.handle, a.tool) ILIKE ${like(word)})`,
  );
  return Prisma.join(words, " AND ");
}

/** Part of a text, with nothing in it that stands for something else. */
const like = (text: string) => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;

const Row = z.object({
  id: z.uuid(),
  state: z.string(),
  createdAt: z.date(),
  endedAt: z.date().nullable(),
  headline: Headline,
  agent: z.string(),
  tool: z.string(),
  band: Band,
  score: z.int(),
  people: z.string().nullable(),
  note: z.string().nullable(),
});
export type HistoryRow = z.infer<typeof Row>;

/** The history as it is downloaded, latest first. People's answers to a request that still waits stay with them. */
export async function listHistoryRows(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  query: HistoryQuery,
  limit: number,
): Promise<readonly HistoryRow[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id, CASE WHEN a.state IN ('waiting', 'approved') AND a.expires_at <= clock_timestamp() THEN 'expired' ELSE a.state END AS state,
      a.created_at AS "createdAt", coalesce(a.settled_at, CASE WHEN a.expires_at <= clock_timestamp() THEN a.expires_at END) AS "endedAt",
      a.display -> 'headline' AS headline, g.handle AS agent, a.tool, a.band, a.score, a.note,
      CASE WHEN NOT ${inState("waiting")} THEN (SELECT string_agg(m.name || ' ' || v.verdict, '; ' ORDER BY v.id)
        FROM votes v JOIN members m ON m.id = v.member_id WHERE v.approval_id = a.id AND v.undone_at IS NULL) END AS people
    FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE ${historyConditions(workspaceId, memberId, query)} ORDER BY a.id DESC LIMIT ${limit}`;
  return Row.array().parse(rows);
}
