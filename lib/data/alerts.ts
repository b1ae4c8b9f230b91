import "server-only";

import { z } from "zod";

import type { Watch } from "@/lib/core/alerts/evaluate";
import {
  type AlertFilter,
  AlertItem,
  type AlertQuality,
  type AlertState,
  type Resolution,
} from "@/lib/core/alerts/schema";
import type { Signal } from "@/lib/core/alerts/signals";
import { StoredWatch } from "@/lib/core/alerts/watch";
import type { Why } from "@/lib/core/alerts/why";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { type Page, pageOf } from "@/lib/core/shared/page";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const COLUMNS = Prisma.sql`
  a.id, a.rule, a.signal, a.state, g.handle AS agent, a.agent_id, g.demo, a.group_id, a.tool, a.began_at, a.fired_at,
  k.name AS acknowledged_by, a.acknowledged_at, a.silenced_until, a.resolved_at, a.resolution, a.note, a.why, a.latest`;
const SOURCES = Prisma.sql`alerts a JOIN agents g ON g.id = a.agent_id LEFT JOIN members k ON k.id = a.acknowledged_by`;

/** Newest first. What was pending and never fired is listed only where it is asked for. */
export async function listAlertItems(on: Db, workspaceId: WorkspaceId, filter: AlertFilter): Promise<Page<AlertItem>> {
  const parts = [Prisma.sql`a.workspace_id = ${workspaceId}::uuid`];
  if (filter.state === undefined) parts.push(Prisma.sql`(a.fired_at IS NOT NULL OR a.state <> 'resolved')`);
  else if (filter.state === "open") parts.push(Prisma.sql`a.state <> 'resolved'`);
  else parts.push(Prisma.sql`a.state = ${filter.state}`);
  if (filter.signal) parts.push(Prisma.sql`a.signal = ${filter.signal}`);
  if (filter.agent) parts.push(Prisma.sql`g.handle = ${filter.agent}`);
  if (filter.cursor) parts.push(Prisma.sql`a.id < ${filter.cursor}::uuid`);
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ${SOURCES} WHERE ${Prisma.join(parts, " AND ")} ORDER BY a.id DESC LIMIT ${filter.limit + 1}`;
  return pageOf(AlertItem.array().parse(rows), filter.limit);
}

/** One alert; null when unknown here. */
export async function findAlert(on: Db, workspaceId: WorkspaceId, id: string): Promise<AlertItem | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ${SOURCES} WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${id}::uuid`;
  return rows[0] === undefined ? null : AlertItem.parse(rows[0]);
}

/** The other alerts of one cause, the first one first. */
export async function listGroup(on: Db, workspaceId: WorkspaceId, groupId: string): Promise<readonly AlertItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ${SOURCES} WHERE a.workspace_id = ${workspaceId}::uuid AND a.group_id = ${groupId}::uuid
    ORDER BY a.id LIMIT 50`;
  return AlertItem.array().parse(rows);
}

const Open = z.object({
  id: z.uuid(),
  agent_id: z.uuid(),
  handle: z.string(),
  rule: z.string(),
  group_id: z.uuid(),
  tool: z.string().nullable(),
  watch: StoredWatch,
  began_at: z.date(),
  fired_at: z.date().nullable(),
  /** Whether its agent is active. */
  active: z.boolean(),
});
/** An alert that is not over, as an evaluation goes on from it. */
export type OpenAlert = z.infer<typeof Open>;

const OPEN = Prisma.sql`
  a.id, a.agent_id, g.handle, a.rule, a.group_id, a.tool, a.watch, a.began_at, a.fired_at, g.status = 'active' AS active`;

/**
 * The open alerts, locked, so that nothing a person does to one meanwhile is overwritten; one that somebody ended during
 * the wait is left out. A person's transaction locks a single alert and nothing after it that an evaluation holds, so the
 * two cannot wait for each other.
 */
export async function lockOpenAlerts(tx: Tx, workspaceId: WorkspaceId): Promise<readonly OpenAlert[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT ${OPEN} FROM alerts a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.state <> 'resolved' ORDER BY a.id FOR UPDATE OF a`;
  return Open.array().parse(rows);
}

/** An alert that a person acts on, locked; null when it is unknown. One that is over is in phase `ok`. */
export async function lockAlert(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<OpenAlert | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT ${OPEN} FROM alerts a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${id}::uuid FOR UPDATE OF a`;
  return rows[0] === undefined ? null : Open.parse(rows[0]);
}

export type NewAlert = {
  readonly id: string;
  readonly agentId: string;
  readonly rule: string;
  readonly signal: Signal;
  readonly beganAt: Date;
  readonly watch: Watch;
  readonly why: Why;
};

/** Begins an alert as pending; a group of its own until it fires. */
export async function insertAlert(tx: Tx, workspaceId: WorkspaceId, alert: NewAlert): Promise<void> {
  const { id, agentId, rule, signal, beganAt, watch, why } = alert;
  await tx.$executeRaw`
    INSERT INTO alerts (id, workspace_id, agent_id, rule, signal, state, group_id, tool, watch, why, began_at)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${rule}, ${signal}, 'pending', ${id}::uuid, ${why.tool},
            ${JSON.stringify(watch)}::jsonb, ${JSON.stringify(why)}::jsonb, ${beganAt})`;
}

export type AlertChange = {
  readonly state: AlertState;
  readonly watch: Watch;
  readonly fired?: { readonly at: Date; readonly groupId: string; readonly why?: Why };
  readonly latest?: Why;
  readonly acknowledged?: { readonly at: Date; readonly by: MemberId };
  readonly silencedUntil?: Date;
  readonly resolved?: { readonly at: Date; readonly as: Resolution; readonly by: MemberId | null };
  readonly note?: string;
};

/** Writes what became of an alert. What a change does not name stays. */
export async function updateAlert(tx: Tx, workspaceId: WorkspaceId, id: string, change: AlertChange): Promise<void> {
  const { state, watch, fired, latest, acknowledged, resolved, silencedUntil, note } = change;
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await tx.$executeRaw`
    UPDATE alerts SET state = ${state}, watch = ${JSON.stringify(watch)}::jsonb,
      group_id = coalesce(${fired?.groupId ?? null}::uuid, group_id), fired_at = coalesce(${fired?.at ?? null}, fired_at),
      why = coalesce(${json(fired?.why)}::jsonb, why), tool = coalesce(${fired?.why?.tool ?? null}, tool),
      latest = coalesce(${json(latest)}::jsonb, latest),
      acknowledged_at = coalesce(${acknowledged?.at ?? null}, acknowledged_at),
      acknowledged_by = coalesce(${acknowledged?.by ?? null}::uuid, acknowledged_by),
      silenced_until = coalesce(${silencedUntil ?? null}, silenced_until),
      resolved_at = coalesce(${resolved?.at ?? null}, resolved_at), resolution = coalesce(${resolved?.as ?? null}, resolution),
      resolved_by = coalesce(${resolved?.by ?? null}::uuid, resolved_by), note = coalesce(${note ?? null}, note)
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
}

/** Until when the rules of a workspace were evaluated; null before the first time. */
export async function findAlertMark(on: Db, workspaceId: WorkspaceId): Promise<Date | null> {
  const rows = await on.$queryRaw<{ at: Date }[]>`
    SELECT evaluated_at AS at FROM alert_marks WHERE workspace_id = ${workspaceId}::uuid`;
  return rows[0]?.at ?? null;
}

/**
 * Moves the mark of a workspace on and keeps it locked until the transaction ends.
 *
 * @returns false when another worker has evaluated this moment or a later one, or is at it
 */
export async function takeAlertMark(tx: Tx, workspaceId: WorkspaceId, at: Date): Promise<boolean> {
  const first = await tx.$executeRaw`
    INSERT INTO alert_marks (workspace_id, evaluated_at) VALUES (${workspaceId}::uuid, ${at}) ON CONFLICT DO NOTHING`;
  if (first === 1) return true;
  const moved = await tx.$executeRaw`
    UPDATE alert_marks m SET evaluated_at = ${at} FROM (
      SELECT workspace_id FROM alert_marks WHERE workspace_id = ${workspaceId}::uuid FOR UPDATE SKIP LOCKED) AS mine
    WHERE m.workspace_id = mine.workspace_id AND m.evaluated_at < ${at}`;
  return moved === 1;
}

const Quality = z.object({ fired: z.int(), acted: z.int(), dismissed: z.int(), ended: z.int(), open: z.int() });

/** What became of the alerts `f` that fired: each counts once, as the first that fits. */
const BECAME = Prisma.sql`
  count(*)::int AS fired, count(*) FILTER (WHERE f.acted)::int AS acted,
  count(*) FILTER (WHERE NOT f.acted AND f.resolution = 'dismissed')::int AS dismissed,
  count(*) FILTER (WHERE NOT f.acted AND f.resolved_at IS NOT NULL AND f.resolution <> 'dismissed')::int AS ended,
  count(*) FILTER (WHERE NOT f.acted AND f.resolved_at IS NULL)::int AS open`;

const firedIn = (workspaceId: WorkspaceId, within: Prisma.Sql) => Prisma.sql`
  SELECT a.agent_id, a.resolution, a.resolved_at,
    a.acknowledged_at IS NOT NULL
    OR EXISTS (SELECT FROM incidents i WHERE i.agent_id = a.agent_id AND i.opened_by IS NOT NULL
      AND i.opened_at BETWEEN a.fired_at AND coalesce(a.resolved_at, clock_timestamp()))
    OR EXISTS (SELECT FROM stops s WHERE s.workspace_id = a.workspace_id AND s.target_id = a.agent_id
      AND s.requested_by IS NOT NULL
      AND s.requested_at BETWEEN a.fired_at AND coalesce(a.resolved_at, clock_timestamp())) AS acted
  FROM alerts a WHERE a.workspace_id = ${workspaceId}::uuid AND ${within}`;

/** What became of the alerts that fired in the last days. */
export async function countAlertQuality(on: Db, workspaceId: WorkspaceId, days: number): Promise<AlertQuality> {
  const lately = Prisma.sql`a.fired_at >= clock_timestamp() - make_interval(days => ${days}::int)`;
  const rows = await on.$queryRaw<unknown[]>`SELECT ${BECAME} FROM (${firedIn(workspaceId, lately)}) AS f`;
  const { acted: actedOn, ...counts } = Quality.parse(rows[0]);
  return { days, actedOn, ...counts };
}

/** What became of the alerts that fired in a span, by the agent's id. */
export async function countAlertsByAgent(
  on: Db,
  workspaceId: WorkspaceId,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<ReadonlyMap<string, Omit<AlertQuality, "days">>> {
  const within = Prisma.sql`a.fired_at >= ${from} AND a.fired_at < ${to}`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT f.agent_id, ${BECAME} FROM (${firedIn(workspaceId, within)}) AS f GROUP BY 1`;
  const counted = Quality.extend({ agent_id: z.uuid() }).array().parse(rows);
  return new Map(counted.map(({ agent_id, acted: actedOn, ...counts }) => [agent_id, { actedOn, ...counts }]));
}
