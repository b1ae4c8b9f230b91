import { v7 as uuidv7 } from "uuid";

import { AgentId, IncidentId, StopId } from "@/lib/core/shared/brand";
import { transact } from "@/lib/data/db";
import { insertIncident } from "@/lib/data/incidents";
import { haltRun, insertStop } from "@/lib/data/stops";
import { RunId } from "@/lib/core/shared/brand";

import type { Person, Tenant } from "./tenant";

/** A run with the agent and session it belongs to. */
export type GivenRun = { readonly runId: RunId; readonly agentId: AgentId; readonly agent: string };

/** A run that runs, of an agent of its own. */
export async function givenRun({ workspaceId, system }: Tenant, dri: Person): Promise<GivenRun> {
  const [runId, sessionId, agentId] = [RunId.parse(uuidv7()), uuidv7(), AgentId.parse(uuidv7())];
  const agent = `agent-${agentId.slice(-12)}`;
  await transact(system.db, async (tx) => {
    await tx.$executeRaw`INSERT INTO agents (id, workspace_id, handle, task, dri_id, environment, status, level)
      VALUES (${agentId}::uuid, ${workspaceId}::uuid, ${agent}, 'test', ${dri.actor.memberId}::uuid, 'production', 'active', 3)`;
    await tx.$executeRaw`INSERT INTO sessions (id, workspace_id, agent_id, external_id) VALUES (${sessionId}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, 's-1')`;
    await tx.$executeRaw`INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at)
      VALUES (${runId}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${sessionId}::uuid, 'r-1', clock_timestamp(), clock_timestamp())`;
  });
  return { runId, agentId, agent };
}

/** A run that met a bound: halted, with the stop and the incident a breach leaves. */
export async function givenBreach(
  tenant: Tenant,
  dri: Person,
): Promise<GivenRun & { readonly stopId: StopId; readonly incidentId: IncidentId }> {
  const run = await givenRun(tenant, dri);
  const [stopId, incidentId] = [StopId.parse(uuidv7()), IncidentId.parse(uuidv7())];
  const rule = "execution.max_steps";
  await transact(tenant.system.db, async (tx) => {
    await haltRun(tx, tenant.workspaceId, run.runId, rule);
    const stop = { id: stopId, scope: "run", targetId: run.runId, reason: rule, by: null } as const;
    await insertStop(tx, tenant.workspaceId, { ...stop, requestedAt: new Date() });
    await insertIncident(tx, tenant.workspaceId, {
      id: incidentId,
      agentId: run.agentId,
      runId: run.runId,
      class: "runaway_execution",
      rule,
      title: "A run met execution.max_steps",
      openedBy: null,
      stopId,
    });
  });
  return { ...run, stopId, incidentId };
}
