import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { DAY_MS } from "@/lib/core/shared/time";

import { anyone, type Db } from "./db";

/** Makes the daily partitions of the decisions that are missing, from today on. Returns how many were made. */
export async function ensureDecisionPartitions(daysAhead: number): Promise<number> {
  const rows = await anyone.$queryRaw<{ made: number }[]>`SELECT ensure_partitions(${daysAhead}::int) AS made`;
  return rows[0]?.made ?? 0;
}

/** Deletes at most `take` of the keys nobody may repeat any more. */
export function deleteOldIdempotencyKeys(
  on: Db,
  workspaceId: WorkspaceId,
  olderThanDays: number,
  take: number,
): Promise<number> {
  return on.$executeRaw`
    DELETE FROM idempotency_keys k USING (
      SELECT agent_id, session, key FROM idempotency_keys
      WHERE workspace_id = ${workspaceId}::uuid AND created_at < clock_timestamp() - make_interval(days => ${olderThanDays}::int)
      LIMIT ${take}) AS old
    WHERE (k.agent_id, k.session, k.key) = (old.agent_id, old.session, old.key)`;
}

/** Deletes at most `take` events that every screen and integration has had its time to read. */
export function deleteOldOutboxEvents(
  on: Db,
  workspaceId: WorkspaceId,
  olderThanDays: number,
  take: number,
): Promise<number> {
  return on.$executeRaw`
    DELETE FROM outbox o USING (
      SELECT id FROM outbox
      WHERE workspace_id = ${workspaceId}::uuid AND id < uuid_at(clock_timestamp() - make_interval(days => ${olderThanDays}::int))
      LIMIT ${take}) AS old
    WHERE o.id = old.id`;
}

/** Deletes counters of tool use that no history reads any more. They are few: one a day, tool and size. */
export async function deleteOldUsage(on: Db, workspaceId: WorkspaceId, olderThanDays: number): Promise<number> {
  const before = new Date(Date.now() - olderThanDays * DAY_MS);
  const older = { where: { workspaceId, day: { lt: before } } };
  const [days, sizes, targets] = await Promise.all([
    on.toolUsage.deleteMany(older),
    on.toolSize.deleteMany(older),
    on.toolTarget.deleteMany({ where: { workspaceId, lastDay: { lt: before } } }),
  ]);
  return days.count + sizes.count + targets.count;
}

/** Deletes up to `take` counts that nobody can look back to any more. @returns how many */
export async function deleteOldTallies(
  on: Db,
  workspaceId: WorkspaceId,
  olderThanDays: number,
  take: number,
): Promise<number> {
  return on.$executeRaw`
    DELETE FROM tallies t USING (
      SELECT scope_id, key, bucket FROM tallies
      WHERE workspace_id = ${workspaceId}::uuid AND updated_at < clock_timestamp() - make_interval(days => ${olderThanDays}::int)
      LIMIT ${take}) AS old
    WHERE t.scope_id = old.scope_id AND t.key = old.key AND t.bucket = old.bucket`;
}

/** Deletes what sources said of subjects nobody has asked about for so long. */
export async function deleteOldReadings(on: Db, workspaceId: WorkspaceId, olderThanDays: number): Promise<number> {
  const before = new Date(Date.now() - olderThanDays * DAY_MS);
  return (await on.sourceReading.deleteMany({ where: { workspaceId, readAt: { lt: before } } })).count;
}

/** Deletes how often calls were refused because of a dependency, so long ago that nobody is shown it. */
export async function deleteOldDependencyHours(
  on: Db,
  workspaceId: WorkspaceId,
  olderThanDays: number,
): Promise<number> {
  const before = new Date(Date.now() - olderThanDays * DAY_MS);
  return (await on.dependencyHour.deleteMany({ where: { workspaceId, hour: { lt: before } } })).count;
}
