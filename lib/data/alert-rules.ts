import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { RuleOverride } from "@/lib/core/alerts/rules";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/** What a workspace changed of the built-in rules. */
export async function listRuleOverrides(on: Db, workspaceId: WorkspaceId): Promise<readonly RuleOverride[]> {
  return on.$queryRaw<RuleOverride[]>`
    SELECT rule, agent_id::text AS "agentId", is_on AS "on", factor, for_minutes AS "forMinutes" FROM alert_rules
    WHERE workspace_id = ${workspaceId}::uuid LIMIT 5000`;
}

/** Puts a change of a rule in the place of the one before. */
export async function upsertRuleOverride(
  tx: Tx,
  workspaceId: WorkspaceId,
  { rule, agentId, on, factor, forMinutes }: RuleOverride,
  { by, at }: { readonly by: MemberId; readonly at: Date },
): Promise<void> {
  const target =
    agentId === null
      ? Prisma.sql`(workspace_id, rule) WHERE agent_id IS NULL`
      : Prisma.sql`(workspace_id, rule, agent_id) WHERE agent_id IS NOT NULL`;
  await tx.$executeRaw`
    INSERT INTO alert_rules (id, workspace_id, rule, agent_id, is_on, factor, for_minutes, changed_by, changed_at)
    VALUES (${uuidv7()}::uuid, ${workspaceId}::uuid, ${rule}, ${agentId}::uuid, ${on}, ${factor}::float8, ${forMinutes}::int,
            ${by}::uuid, ${at})
    ON CONFLICT ${target} DO UPDATE SET is_on = excluded.is_on, factor = excluded.factor,
      for_minutes = excluded.for_minutes, changed_by = excluded.changed_by, changed_at = excluded.changed_at`;
}
