import "server-only";

import { z } from "zod";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

/** No more than this is credited for one gap between two beats. A page beats every two seconds. */
const MOST_SECONDS = 3;

export type Look = { readonly approvalId: string; readonly memberId: MemberId; readonly displayDigest: string };

/**
 * Takes one beat of a page that shows a request, and credits the time since the last beat of the same person, by the
 * database's clock. What begins anew credits nothing; two pages at once share one clock.
 *
 * @returns the seconds credited so far; null when this is not what the request shows, or it waits no more
 */
export async function creditLook(
  on: Db,
  workspaceId: WorkspaceId,
  look: Look,
  begins: boolean,
): Promise<number | null> {
  const rows = await on.$queryRaw<{ seconds: number }[]>`
    INSERT INTO approval_attention AS t (approval_id, member_id, display_digest, workspace_id, first_at, last_at)
    SELECT a.id, ${look.memberId}::uuid, a.display_digest, a.workspace_id, clock_timestamp(), clock_timestamp() FROM approvals a
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${look.approvalId}::uuid AND a.display_digest = ${look.displayDigest}
      AND a.state = 'waiting'
    ON CONFLICT (approval_id, member_id, display_digest) DO UPDATE SET
      seconds = t.seconds + CASE WHEN ${begins} THEN 0
        ELSE least(${MOST_SECONDS}, greatest(0, extract(epoch FROM clock_timestamp() - t.last_at)))::float8 END,
      last_at = clock_timestamp()
    RETURNING t.seconds`;
  return rows[0]?.seconds ?? null;
}

const AttentionRow = z.object({ seconds: z.number(), shownSeconds: z.number() });

/** What a person's looking at this display amounts to, and how long ago it first was on their screen; null when never. */
export async function findAttention(
  on: Db,
  workspaceId: WorkspaceId,
  look: Look,
): Promise<z.infer<typeof AttentionRow> | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT seconds, extract(epoch FROM clock_timestamp() - first_at)::float8 AS "shownSeconds" FROM approval_attention
    WHERE workspace_id = ${workspaceId}::uuid AND approval_id = ${look.approvalId}::uuid AND member_id = ${look.memberId}::uuid
      AND display_digest = ${look.displayDigest}`;
  return rows[0] === undefined ? null : AttentionRow.parse(rows[0]);
}
