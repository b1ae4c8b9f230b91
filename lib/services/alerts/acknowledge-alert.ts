import "server-only";

import { acknowledge } from "@/lib/core/alerts/evaluate";
import { updateAlert } from "@/lib/data/alerts";
import { transact } from "@/lib/data/db";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { actOnAlert } from "./act-on-alert";

/**
 * Says that somebody has seen an alert: people are not told again, and it still resolves by itself.
 *
 * @throws {AppError} `forbidden` below operator; `not_found`; `conflict` (`not_open`, `already`)
 */
export async function acknowledgeAlert(
  ctx: ServiceContext,
  id: string,
): Promise<{ alert_id: string; state: "acknowledged" }> {
  const { memberId } = requireRole(ctx, "operator");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "operator");
    const { alert, watch } = await actOnAlert(tx, ctx, id, (state) => acknowledge(state, ctx.now));
    const acknowledged = { at: ctx.now, by: memberId };
    await updateAlert(tx, ctx.workspaceId, id, { state: "acknowledged", watch, acknowledged });
    await record(tx, ctx, "alert.acknowledge", { alert: id, agent: alert.handle, rule: alert.rule });
  });
  return { alert_id: id, state: "acknowledged" };
}
