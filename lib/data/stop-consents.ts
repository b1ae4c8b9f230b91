import "server-only";

import type { MemberId, StopId, WorkspaceId } from "@/lib/core/shared/brand";
import type { GivenConsent, RunAllowance } from "@/lib/core/workspaces/consent";
import { RunStop } from "@/lib/core/workspaces/stop";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const MOST_OPERATORS = 10_000;

const MAY_RESUME = Prisma.sql`m.disabled_at IS NULL AND m.joined_at IS NOT NULL AND m.roles && ARRAY['operator', 'admin']`;

/** The consents of the stop `s`, in the order they were given. */
export const CONSENTS = Prisma.sql`
  (SELECT coalesce(jsonb_agg(jsonb_build_object('member_id', m.id, 'name', m.name, 'note', c.note, 'at', iso_utc(c.created_at),
      'extra_steps', c.extra_steps, 'extra_seconds', c.extra_seconds, 'extra_cost_micros', c.extra_cost_micros,
      'counts', ${MAY_RESUME} AND NOT EXISTS (
        SELECT FROM agents g LEFT JOIN runs r ON s.scope = 'run' AND r.id = s.target_id
        WHERE g.id = CASE s.scope WHEN 'agent' THEN s.target_id ELSE r.agent_id END
          AND (g.dri_id || dris_lately(g.id, clock_timestamp())) && answers_for(m.id, clock_timestamp()))) ORDER BY c.created_at), '[]')
   FROM stop_consents c JOIN members m ON m.id = c.member_id WHERE c.stop_id = s.id)`;

/** What has been consented to so far. */
export async function listConsents(on: Db, workspaceId: WorkspaceId, stopId: string): Promise<readonly GivenConsent[]> {
  const rows = await on.stopConsent.findMany({
    where: { workspaceId, stopId },
    orderBy: { createdAt: "asc" },
    take: MOST_OPERATORS,
    select: { memberId: true, extraSteps: true, extraSeconds: true, extraCostMicros: true },
  });
  return rows.map((row) => ({
    memberId: row.memberId,
    allowance: { steps: row.extraSteps, seconds: row.extraSeconds, costMicros: Number(row.extraCostMicros) },
  }));
}

type NewConsent = { readonly by: MemberId; readonly note: string; readonly allowance: RunAllowance };

/** Writes a person's consent, in place of the one they gave before. */
export async function putConsent(
  tx: Tx,
  workspaceId: WorkspaceId,
  stopId: string,
  { by, note, allowance }: NewConsent,
): Promise<void> {
  const { steps, seconds, costMicros } = allowance;
  await tx.$executeRaw`
    INSERT INTO stop_consents (stop_id, member_id, workspace_id, note, created_at, extra_steps, extra_seconds, extra_cost_micros)
    VALUES (${stopId}::uuid, ${by}::uuid, ${workspaceId}::uuid, ${note}, clock_timestamp(), ${steps}::int, ${seconds}::int, ${costMicros}::bigint)
    ON CONFLICT (stop_id, member_id) DO UPDATE SET note = excluded.note, created_at = excluded.created_at,
      extra_steps = excluded.extra_steps, extra_seconds = excluded.extra_seconds, extra_cost_micros = excluded.extra_cost_micros`;
}

/** Someone who may resume, and the accounts whose duties they carry. */
export type Operator = { readonly id: string; readonly name: string; readonly answersFor: readonly string[] };

/** Everyone who may resume now, by name. */
export async function listOperators(on: Db, workspaceId: WorkspaceId): Promise<readonly Operator[]> {
  return on.$queryRaw<Operator[]>`
    SELECT m.id, m.name, answers_for(m.id, clock_timestamp()) AS "answersFor" FROM members m WHERE m.workspace_id = ${workspaceId}::uuid AND ${MAY_RESUME}
    ORDER BY m.name, m.id LIMIT ${MOST_OPERATORS}`;
}

/** Halted runs that wait for two people, the oldest first; with an id, that one stop if it is open. */
export async function listRunStops(
  on: Db,
  workspaceId: WorkspaceId,
  which: { readonly limit: number; readonly stopId?: StopId | undefined },
): Promise<readonly RunStop[]> {
  const only = which.stopId ? Prisma.sql`AND s.id = ${which.stopId}::uuid` : Prisma.empty;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT s.id AS stop_id, r.id AS run_id, r.external_id AS run, g.handle AS agent, g.demo, g.id AS agent_id, g.dri_id, s.reason, b.name AS requested_by,
           r.steps, s.confirmed_at AS at, s.decision_id, ${CONSENTS} AS consents,
           (SELECT i.id FROM incidents i WHERE i.stop_id = s.id ORDER BY i.id LIMIT 1) AS incident_id
    FROM stops s JOIN runs r ON r.id = s.target_id JOIN agents g ON g.id = r.agent_id LEFT JOIN members b ON b.id = s.requested_by
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.scope = 'run' AND s.resumed_at IS NULL ${only}
    ORDER BY s.id LIMIT ${which.limit}`;
  return RunStop.array().parse(rows);
}

/** The open stop of a run; null when it has none. */
export async function findOpenRunStop(on: Db, workspaceId: WorkspaceId, runId: string): Promise<string | null> {
  const where = { workspaceId, scope: "run", targetId: runId, resumedAt: null };
  const row = await on.stop.findFirst({ where, select: { id: true } });
  return row?.id ?? null;
}

/** How many halted runs wait for people. */
export async function countRunStops(on: Db, workspaceId: WorkspaceId): Promise<number> {
  return on.stop.count({ where: { workspaceId, scope: "run", resumedAt: null } });
}
