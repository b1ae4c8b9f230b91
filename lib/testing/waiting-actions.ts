import { createHash } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import type { Band } from "@/lib/core/decisions/schema";
import { AgentId, type WorkspaceId } from "@/lib/core/shared/brand";
import { digestOf } from "@/lib/core/shared/digest";
import { type Db, transact } from "@/lib/data/db";

import { displayFor } from "./approval";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const BANDS: readonly Band[] = ["low", "low", "elevated", "elevated", "elevated", "high", "high", "critical"];
const AT_ONCE = 500;

type Fill = {
  readonly workspaceId: WorkspaceId;
  /** Who answers for the agents: with duties separated, that person cannot decide what is filled in. */
  readonly driId: string;
  readonly count: number;
  /** How many agents ask. */
  readonly agents?: number;
  readonly band?: (index: number) => Band;
  /** The rest of the call: arguments, effect. */
  readonly call?: (index: number) => Record<string, unknown>;
  readonly expiresInMs?: (index: number) => number;
};

/**
 * Fills a workspace with actions that wait, straight into the tables and fast: five thousand take seconds. Every one has
 * the display its digest is of, so it can be opened, voted on and used as any other.
 *
 * @returns their ids, oldest first
 */
export async function fillWaiting(db: Db, fill: Fill): Promise<readonly string[]> {
  const agentIds = Array.from({ length: fill.agents ?? 20 }, () => AgentId.parse(uuidv7()));
  await transact(
    db,
    (tx) => tx.$executeRaw`
    INSERT INTO agents (id, workspace_id, handle, task, dri_id, environment, status, level)
    SELECT id, ${fill.workspaceId}::uuid, 'filler-' || right(id::text, 12), 'Fills a desk', ${fill.driId}::uuid, 'production', 'active', 3
    FROM unnest(${agentIds}::uuid[]) AS t (id)`,
  );
  const ids: string[] = [];
  for (let from = 0; from < fill.count; from += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, fill.count - from) }, (_, index) =>
      rowOf(fill, agentIds, from + index),
    );
    await transact(db, async (tx) => {
      const given = JSON.stringify(rows);
      const many = (sql: TemplateStringsArray, ...values: unknown[]) => tx.$executeRaw(sql, ...values);
      await many`INSERT INTO sessions (id, workspace_id, agent_id, external_id)
        SELECT "sessionId", ${fill.workspaceId}::uuid, "agentId", "sessionId"::text
        FROM jsonb_to_recordset(${given}::jsonb) AS r ("sessionId" uuid, "agentId" uuid)`;
      await many`INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at)
        SELECT "runId", ${fill.workspaceId}::uuid, "agentId", "sessionId", "runId"::text, clock_timestamp(), clock_timestamp()
        FROM jsonb_to_recordset(${given}::jsonb) AS r ("sessionId" uuid, "agentId" uuid, "runId" uuid)`;
      await many`INSERT INTO decisions (id, workspace_id, agent_id, session_id, run_id, call_id, step, tool, tool_hash, action_digest, call, salt,
          verdict, reasons, checks, risk, facts, remaining, approval_id, created_at)
        SELECT "decisionId", ${fill.workspaceId}::uuid, "agentId", "sessionId", "runId", '', 1, tool, 'h', action, call, '',
          'require_approval', '[]', '[]', '{}', '{}', '{}', id, clock_timestamp()
        FROM jsonb_to_recordset(${given}::jsonb) AS r (id uuid, "sessionId" uuid, "agentId" uuid, "runId" uuid, "decisionId" uuid, tool text, action text, call jsonb)`;
      await many`INSERT INTO approvals (id, workspace_id, agent_id, session_id, run_id, decision_id, tool, action_digest, manifest_version, state,
          display, display_digest, score, band, quorum, approver_role, separation_of_duties, dri_at_request, created_at, expires_at)
        SELECT id, ${fill.workspaceId}::uuid, "agentId", "sessionId", "runId", "decisionId", tool, action, 1, 'waiting',
          display, digest, score, band, 1, 'reviewer', true, ${fill.driId}::uuid, clock_timestamp(), clock_timestamp() + make_interval(secs => ms / 1000)
        FROM jsonb_to_recordset(${given}::jsonb) AS r (id uuid, "sessionId" uuid, "agentId" uuid, "runId" uuid, "decisionId" uuid, tool text, action text,
          display jsonb, digest text, score int, band text, ms double precision)`;
    });
    ids.push(...rows.map((row) => row.id));
  }
  return ids;
}

function rowOf(fill: Fill, agentIds: readonly AgentId[], index: number) {
  const id = uuidv7();
  const band = fill.band?.(index) ?? BANDS[index % BANDS.length] ?? "low";
  const args = { to: `customer-${index}@example.com`, template: "refund" };
  const display = displayFor({ band, call: { args, ...fill.call?.(index) } });
  return {
    id,
    agentId: agentIds[index % agentIds.length],
    sessionId: uuidv7(),
    runId: uuidv7(),
    decisionId: uuidv7(),
    tool: display.tool.name,
    action: sha256Hex(id),
    call: { args: display.args, context: [], effect: display.effect },
    display,
    digest: digestOf(sha256Hex, display),
    score: display.risk.score,
    band,
    ms: fill.expiresInMs?.(index) ?? 900_000 + (index % 97) * 60_000,
  };
}
