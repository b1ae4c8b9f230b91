import "server-only";

import type { AlertItem } from "@/lib/core/alerts/schema";
import { replay } from "@/lib/core/alerts/why";
import { type AlertWords, sayAlert } from "@/lib/core/alerts/words";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { findAlert, listGroup } from "@/lib/data/alerts";

import { requireMember, type ServiceContext } from "../context";

/** An alert in words, with the others of its cause. */
export type ShownAlert = AlertItem & {
  readonly words: AlertWords;
  readonly group: readonly AlertItem[];
  /** Whether judging what was kept of it again says the same. */
  readonly replayed: { readonly same: boolean; readonly verdict: string };
};

/**
 * One alert: what happened, since when, compared with what, and what to do next.
 *
 * @throws {AppError} `not_found`
 */
export async function showAlert(ctx: ServiceContext, id: string): Promise<ShownAlert> {
  requireMember(ctx);
  const alert = isUuid(id) ? await findAlert(ctx.db, ctx.workspaceId, id) : null;
  if (!alert) throw new AppError("not_found", "There is no such alert.");
  const group = await listGroup(ctx.db, ctx.workspaceId, alert.group_id);
  const { judged, same } = replay(alert.why);
  return {
    ...alert,
    words: sayAlert({ why: alert.why, agent: alert.agent, since: alert.began_at.toISOString() }),
    group: group.filter((other) => other.id !== alert.id),
    replayed: { same, verdict: judged.verdict },
  };
}
