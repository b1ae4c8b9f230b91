import "server-only";

import type { ResolveIncidentInput } from "@/lib/core/incidents/schema";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findIncident, resolveIncidentRow } from "@/lib/data/incidents";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Closes an incident with what was found and done. Its run stays halted until two people resume it.
 *
 * @throws {AppError} `forbidden` below operator; `not_found`; `conflict` (`already_resolved`)
 */
export async function resolveIncident(
  ctx: ServiceContext,
  input: ResolveIncidentInput,
): Promise<{ incident_id: string; state: "resolved" }> {
  const { memberId } = requireRole(ctx, "operator");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "operator");
    const found = await findIncident(tx, ctx.workspaceId, input.id);
    if (!found) throw new AppError("not_found", "There is no such incident.");
    const resolved = await resolveIncidentRow(tx, ctx.workspaceId, input.id, { by: memberId, note: input.note });
    if (!resolved) throw new AppError("conflict", "This incident is resolved already.", { reason: "already_resolved" });
    const { agent, class: failure } = found.incident;
    await record(tx, ctx, "incident.resolve", { incident: input.id, agent, class: failure, note: input.note });
  });
  return { incident_id: input.id, state: "resolved" };
}
