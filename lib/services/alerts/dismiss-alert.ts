import "server-only";

import { dismiss } from "@/lib/core/alerts/evaluate";
import type { DismissAlertInput } from "@/lib/core/alerts/schema";
import { updateAlert } from "@/lib/data/alerts";
import { transact } from "@/lib/data/db";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { actOnAlert } from "./act-on-alert";

/**
 * Closes an alert by hand, with the reason. If its condition still holds, a new one begins at the next evaluation.
 *
 * @throws {AppError} `forbidden` below operator; `not_found`; `conflict` (`not_open`)
 */
export async function dismissAlert(
  ctx: ServiceContext,
  { id, reason }: DismissAlertInput,
): Promise<{ alert_id: string; state: "resolved" }> {
  const { memberId } = requireRole(ctx, "operator");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "operator");
    const { alert, watch } = await actOnAlert(tx, ctx, id, (state) => dismiss(state, ctx.now));
    const resolved = { at: ctx.now, as: "dismissed", by: memberId } as const;
    await updateAlert(tx, ctx.workspaceId, id, { state: "resolved", watch, resolved, note: reason });
    const details = { alert: id, agent: alert.handle, rule: alert.rule, reason };
    await record(tx, ctx, "alert.dismiss", details, { alert: id });
  });
  return { alert_id: id, state: "resolved" };
}
