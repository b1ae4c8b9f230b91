import "server-only";

import type { AlertFilter, AlertItem } from "@/lib/core/alerts/schema";
import { cursorId, type Page } from "@/lib/core/shared/page";
import { listAlertItems } from "@/lib/data/alerts";

import { requireMember, type ServiceContext } from "../context";

/** Alerts, newest first. */
export async function listAlerts(ctx: ServiceContext, filter: AlertFilter): Promise<Page<AlertItem>> {
  requireMember(ctx);
  return listAlertItems(ctx.db, ctx.workspaceId, { ...filter, cursor: cursorId(filter.cursor) });
}
