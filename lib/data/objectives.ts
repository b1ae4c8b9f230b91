import "server-only";

import { Objective } from "@/lib/core/objectives/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const COLUMNS = Prisma.sql`
  o.id, o.agent_id, g.handle AS agent, g.demo, o.measure, o.target_bp, o.days, o.most::text AS most, m.name AS created_by,
  o.created_at, k.counted_at`;
const SOURCES = Prisma.sql`
  objectives o JOIN agents g ON g.id = o.agent_id JOIN members m ON m.id = o.created_by
  LEFT JOIN objective_marks k ON k.objective_id = o.id`;

/** The objectives in force, by agent. */
export async function listObjectives(on: Db, workspaceId: WorkspaceId): Promise<readonly Objective[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ${SOURCES} WHERE o.workspace_id = ${workspaceId}::uuid AND o.removed_at IS NULL
    ORDER BY g.handle, o.measure LIMIT 1000`;
  return Objective.array().parse(rows);
}

/** How many objectives are in force. */
export async function countObjectives(on: Db, workspaceId: WorkspaceId): Promise<number> {
  const rows = await on.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM objectives WHERE workspace_id = ${workspaceId}::uuid AND removed_at IS NULL`;
  return rows[0]?.n ?? 0;
}

type NewObjective = {
  readonly id: string;
  readonly agentId: string;
  readonly measure: Objective["measure"];
  readonly targetBp: number;
  readonly days: number;
  readonly most: bigint | null;
};

/** Stores an objective. */
export async function insertObjective(
  tx: Tx,
  workspaceId: WorkspaceId,
  { id, agentId, measure, targetBp, days, most }: NewObjective,
  { by, at }: { readonly by: MemberId; readonly at: Date },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO objectives (id, workspace_id, agent_id, measure, target_bp, days, most, created_by, created_at)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${measure}, ${targetBp}::int, ${days}::smallint,
            ${most === null ? null : String(most)}::numeric, ${by}::uuid, ${at})`;
}

/** Takes an agent's objective of a measure out of force. @returns its id; null when there is none */
export async function endObjective(
  tx: Tx,
  workspaceId: WorkspaceId,
  { agentId, measure }: { readonly agentId: string; readonly measure: Objective["measure"] },
  { by, at }: { readonly by: MemberId; readonly at: Date },
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE objectives SET removed_at = ${at}, removed_by = ${by}::uuid
    WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid AND measure = ${measure} AND removed_at IS NULL
    RETURNING id::text AS id`;
  return rows[0]?.id ?? null;
}
