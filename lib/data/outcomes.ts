import "server-only";

import { z } from "zod";

import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";
import type { JsonObject } from "@/lib/core/shared/json";

import { type Db, decisionPool } from "./db";

/** The tool of one of this agent's decisions; null when it made no such decision. */
export async function findDecidedTool(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  decisionId: string,
): Promise<string | null> {
  const row = await on.decision.findFirst({ where: { id: decisionId, workspaceId, agentId }, select: { tool: true } });
  return row?.tool ?? null;
}

const Settled = z.enum(["recorded", "repeated", "conflict", "not_allowed", "not_found"]);

/** Writes outcome, settlement, ledger entry and event as one transaction in the database. */
export async function settleOutcome(workspaceId: WorkspaceId, item: JsonObject): Promise<z.infer<typeof Settled>> {
  const { rows } = await decisionPool.query("SELECT settle_outcome($1, $2) AS answer", [
    workspaceId,
    JSON.stringify(item),
  ]);
  return Settled.parse(rows[0]?.answer);
}
