import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { OpenIncidentInput } from "@/lib/core/incidents/schema";
import { IncidentId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findRunOf, insertIncident } from "@/lib/data/incidents";

import { agentOf } from "../agents/find-agent";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Opens an incident by hand. It stops nothing by itself; one of a halted run points at the stop it explains.
 *
 * @throws {AppError} `forbidden` below operator; `not_found` for an unknown agent or a run that is not the agent's
 */
export async function openIncident(ctx: ServiceContext, input: OpenIncidentInput): Promise<{ incident_id: string }> {
  const { memberId } = requireRole(ctx, "operator");
  const id = IncidentId.parse(uuidv7());
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "operator");
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    const run = input.run === undefined ? null : await findRunOf(tx, ctx.workspaceId, agent.agentId, input.run);
    if (input.run !== undefined && !run) throw new AppError("not_found", "This agent has no such run.");
    await insertIncident(tx, ctx.workspaceId, {
      id,
      agentId: agent.agentId,
      runId: input.run ?? null,
      class: input.class,
      rule: "person",
      title: input.title,
      openedBy: memberId,
      stopId: run?.stopId ?? null,
    });
    const { title, run: runId = null } = input;
    await record(tx, ctx, "incident.open", { incident: id, agent: agent.id, class: input.class, title, run: runId });
  });
  return { incident_id: id };
}
