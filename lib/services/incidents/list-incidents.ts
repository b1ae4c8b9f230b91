import "server-only";

import type { IncidentFilter, IncidentItem } from "@/lib/core/incidents/schema";
import { cursorId, type Page } from "@/lib/core/shared/page";
import { listIncidentItems } from "@/lib/data/incidents";

import { requireMember, type ServiceContext } from "../context";

/** Incidents, newest first. */
export async function listIncidents(ctx: ServiceContext, filter: IncidentFilter): Promise<Page<IncidentItem>> {
  requireMember(ctx);
  return listIncidentItems(ctx.db, ctx.workspaceId, { ...filter, cursor: cursorId(filter.cursor) });
}
