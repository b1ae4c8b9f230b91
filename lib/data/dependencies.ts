import "server-only";

import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { MOST_TOOLS_NAMED, StoredDependency } from "@/lib/core/tools/dependency";

import type { Db, Tx } from "./db";

const Listed = StoredDependency.extend({ now: z.date() });

/** The most dependencies that are listed; whoever has more has named something else. */
const MOST = 500;

/** Every dependency that a tool names or that failed since it last succeeded, those that fail most first, at one moment. */
export async function listDependencies(
  on: Db,
  workspaceId: WorkspaceId,
): Promise<{ readonly now: Date; readonly items: readonly StoredDependency[] }> {
  const rows = await on.$queryRaw<unknown[]>`
    WITH named AS (
      SELECT t.dependency AS name, (array_agg(t.name ORDER BY t.name))[1:${MOST_TOOLS_NAMED}::int] AS tools, count(*)::int AS n
      FROM tools t WHERE t.workspace_id = ${workspaceId}::uuid AND t.dependency IS NOT NULL GROUP BY t.dependency),
    refused AS (
      SELECT h.dependency AS name, sum(h.refused)::int AS n FROM dependency_hours h
      WHERE h.workspace_id = ${workspaceId}::uuid
        AND h.hour > date_trunc('hour', clock_timestamp(), 'UTC') - interval '24 hours' GROUP BY h.dependency),
    failing AS (SELECT b.* FROM dependency_breakers b WHERE b.workspace_id = ${workspaceId}::uuid)
    SELECT name, coalesce(named.tools, '{}') AS tools, coalesce(named.n, 0) AS tool_count, coalesce(f.failures, 0) AS failures,
      coalesce(cardinality(f.agents), 0) AS agents, f.since, f.failed_at, f.trial_at, coalesce(refused.n, 0) AS refused,
      clock_timestamp() AS now
    FROM named FULL JOIN (SELECT dependency AS name, failing.* FROM failing) f USING (name)
    LEFT JOIN refused USING (name)
    ORDER BY coalesce(f.failures, 0) DESC, name LIMIT ${MOST}`;
  const items = Listed.array().parse(rows);
  return { now: items[0]?.now ?? new Date(), items: items.map(({ now: _now, ...item }) => item) };
}

const Ended = z.object({ failures: z.int(), since: z.date() });

/** Forgets the failures of a dependency. @returns what was forgotten; null when it did not fail since it last succeeded */
export async function endFailures(
  tx: Tx,
  workspaceId: WorkspaceId,
  name: string,
): Promise<z.infer<typeof Ended> | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    DELETE FROM dependency_breakers WHERE workspace_id = ${workspaceId}::uuid AND dependency = ${name}
    RETURNING failures, since`;
  return Ended.array().parse(rows)[0] ?? null;
}
