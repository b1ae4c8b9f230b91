import "server-only";

import { explainClass, type IncidentDetail } from "@/lib/core/incidents/detail";
import { StopId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { findIncident } from "@/lib/data/incidents";
import { listOperators, listRunStops } from "@/lib/data/stop-consents";

import { requireMember, type ServiceContext } from "../context";
import { withSecond } from "../stops/with-second";

/**
 * One incident: what it was, what prevents the next, and who has to agree before its run goes on.
 *
 * @throws {AppError} `not_found`
 */
export async function showIncident(ctx: ServiceContext, id: string): Promise<IncidentDetail> {
  const { memberId } = requireMember(ctx);
  const found = isUuid(id) ? await findIncident(ctx.db, ctx.workspaceId, id) : null;
  if (!found) throw new AppError("not_found", "There is no such incident.");
  const { incident, driId } = found;
  const stopId = incident.stop_id === null ? undefined : StopId.parse(incident.stop_id);
  const [stops, operators] = await Promise.all([
    stopId ? listRunStops(ctx.db, ctx.workspaceId, { limit: 1, stopId }) : [],
    listOperators(ctx.db, ctx.workspaceId),
  ]);
  const [stop] = await withSecond(ctx.db, ctx.workspaceId, memberId, stops);
  const resumers = operators.filter(({ answersFor }) => !answersFor.includes(driId));
  return { ...incident, ...explainClass(incident.class), stop: stop ?? null, resumers };
}
