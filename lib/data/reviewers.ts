import "server-only";

import { z } from "zod";

import { CalibrationResult, Review } from "@/lib/core/reviewers/review";
import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

/** More answers than this are not read; the oldest are left out. */
const MOST = 50_000;

/** Everybody's answers since a moment, oldest first, with what came of each. Items are no requests and are not among them. */
export async function listReviews(on: Db, workspaceId: WorkspaceId, from: Date): Promise<readonly Review[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT * FROM (
      SELECT v.approval_id AS "approvalId", v.member_id AS "memberId", g.handle AS agent, a.tool, a.display ->> 'rule' AS rule, a.band, v.verdict,
             v.created_at AS at, a.created_at AS "askedAt", greatest(0, extract(epoch FROM v.created_at - w.first_at))::float8 AS "lookSeconds",
             coalesce((a.display #>> '{headline,count}')::float8,
               CASE jsonb_typeof(a.display -> 'args') WHEN 'object' THEN (SELECT count(*) FROM jsonb_object_keys(a.display -> 'args')) END)::float8 AS size, a.consumed_by IS NOT NULL AS ran,
             v.verdict = 'approve' AND (r.decision_id IS NOT NULL OR coalesce(o.outcome IN ('error', 'failed_validation'), false)) AS regretted
      FROM votes v JOIN approvals a ON a.id = v.approval_id AND a.executor = 'agent' JOIN agents g ON g.id = a.agent_id
      LEFT JOIN approval_views w ON w.approval_id = v.approval_id AND w.member_id = v.member_id
      LEFT JOIN regrets r ON r.decision_id = a.consumed_by LEFT JOIN outcomes o ON o.decision_id = a.consumed_by
      WHERE v.workspace_id = ${workspaceId}::uuid AND v.undone_at IS NULL AND v.id >= uuid_at(${from}) ORDER BY v.id DESC LIMIT ${MOST}) AS latest
    ORDER BY at`;
  return Review.array().parse(rows);
}

/** Everybody's answered items since a moment. */
export async function listCalibrationResults(
  on: Db,
  workspaceId: WorkspaceId,
  from: Date,
): Promise<readonly CalibrationResult[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT member_id AS "memberId", result, closed_at AS at FROM calibration_items
    WHERE workspace_id = ${workspaceId}::uuid AND result IS NOT NULL AND closed_at >= ${from} ORDER BY closed_at LIMIT ${MOST}`;
  return CalibrationResult.array().parse(rows);
}

/** When requests expired that nobody had decided, since a moment. */
export async function listExpiredAt(on: Db, workspaceId: WorkspaceId, from: Date): Promise<readonly Date[]> {
  const rows = await on.$queryRaw<{ at: Date }[]>`
    SELECT expires_at AS at FROM approvals a
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.executor = 'agent' AND a.expires_at >= ${from} AND a.expires_at <= clock_timestamp()
      AND (a.state = 'waiting' OR (a.state = 'expired' AND NOT EXISTS (SELECT FROM grants g WHERE g.approval_id = a.id)))
    ORDER BY 1 LIMIT ${MOST}`;
  return rows.map(({ at }) => at);
}

const PersonRow = z.object({ id: MemberId, name: z.string(), demo: z.boolean() });
/** A person who has answered something or could. */
export type ReviewingPerson = z.infer<typeof PersonRow>;

/** One member; null when unknown here. */
export async function findPerson(on: Db, workspaceId: WorkspaceId, id: string): Promise<ReviewingPerson | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, name, demo FROM members WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
  return rows[0] === undefined ? null : PersonRow.parse(rows[0]);
}

/** Members who may review, by name. */
export async function listReviewingPeople(on: Db, workspaceId: WorkspaceId): Promise<readonly ReviewingPerson[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, name, demo FROM members
    WHERE workspace_id = ${workspaceId}::uuid AND 'reviewer' = ANY (roles) AND disabled_at IS NULL AND joined_at IS NOT NULL ORDER BY name, id LIMIT 500`;
  return PersonRow.array().parse(rows);
}
