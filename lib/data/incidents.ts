import "server-only";

import { type FailureClass, type IncidentFilter, IncidentItem } from "@/lib/core/incidents/schema";
import type { AgentId, IncidentId, MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { type Page, pageOf } from "@/lib/core/shared/page";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const COLUMNS = Prisma.sql`
  i.id, i.class, i.title, i.state, g.handle AS agent, g.demo, i.run_id, r.external_id AS run, i.decision_id, i.stop_id, i.rule,
  o.name AS opened_by, i.opened_at, e.name AS resolved_by, i.resolved_at, i.note`;

const SOURCES = Prisma.sql`
  incidents i JOIN agents g ON g.id = i.agent_id LEFT JOIN runs r ON r.id = i.run_id
  LEFT JOIN members o ON o.id = i.opened_by LEFT JOIN members e ON e.id = i.resolved_by`;

/** Newest first. */
export async function listIncidentItems(
  on: Db,
  workspaceId: WorkspaceId,
  filter: IncidentFilter,
): Promise<Page<IncidentItem>> {
  const parts = [Prisma.sql`i.workspace_id = ${workspaceId}::uuid`];
  if (filter.state) parts.push(Prisma.sql`i.state = ${filter.state}`);
  if (filter.class) parts.push(Prisma.sql`i.class = ${filter.class}`);
  if (filter.agent) parts.push(Prisma.sql`g.handle = ${filter.agent}`);
  if (filter.cursor) parts.push(Prisma.sql`i.id < ${filter.cursor}::uuid`);
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ${SOURCES} WHERE ${Prisma.join(parts, " AND ")} ORDER BY i.id DESC LIMIT ${filter.limit + 1}`;
  return pageOf(IncidentItem.array().parse(rows), filter.limit);
}

/** One incident and who answers for its agent; null when unknown here. */
export async function findIncident(
  on: Db,
  workspaceId: WorkspaceId,
  id: string,
): Promise<{ readonly incident: IncidentItem; readonly driId: string } | null> {
  const rows = await on.$queryRaw<{ dri_id: string }[]>`
    SELECT ${COLUMNS}, g.dri_id::text AS dri_id FROM ${SOURCES} WHERE i.workspace_id = ${workspaceId}::uuid AND i.id = ${id}::uuid`;
  const [row] = rows;
  return row ? { incident: IncidentItem.parse(row), driId: row.dri_id } : null;
}

export type NewIncident = {
  readonly id: IncidentId;
  readonly agentId: AgentId;
  readonly runId: string | null;
  readonly class: FailureClass;
  readonly rule: string;
  readonly title: string;
  /** Null when the system opens it. */
  readonly openedBy: MemberId | null;
  readonly stopId?: string | null;
  readonly decisionId?: string | null;
};

export async function insertIncident(tx: Tx, workspaceId: WorkspaceId, incident: NewIncident): Promise<void> {
  const { id, agentId, runId, rule, title, openedBy, stopId = null, decisionId = null } = incident;
  await tx.$executeRaw`
    INSERT INTO incidents (id, workspace_id, agent_id, run_id, decision_id, stop_id, class, rule, title, opened_by, opened_at)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${runId}::uuid, ${decisionId}::uuid, ${stopId}::uuid,
            ${incident.class}, ${rule}, ${title}, ${openedBy}::uuid, clock_timestamp())`;
}

/** @returns false when it is unknown or resolved already */
export async function resolveIncidentRow(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  { by, note }: { readonly by: MemberId; readonly note: string },
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE incidents SET state = 'resolved', resolved_by = ${by}::uuid, resolved_at = clock_timestamp(), note = ${note}
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state = 'open'`;
  return count === 1;
}

/** The run of this id with its open stop, if it has one; null when this agent has no such run. */
export async function findRunOf(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  runId: string,
): Promise<{ readonly stopId: string | null } | null> {
  const rows = await on.$queryRaw<{ stopId: string | null }[]>`
    SELECT s.id AS "stopId" FROM runs r LEFT JOIN stops s ON s.scope = 'run' AND s.target_id = r.id AND s.resumed_at IS NULL
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.agent_id = ${agentId}::uuid AND r.id = ${runId}::uuid`;
  return rows[0] ?? null;
}
