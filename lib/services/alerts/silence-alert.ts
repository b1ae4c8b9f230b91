import "server-only";

import { silence } from "@/lib/core/alerts/evaluate";
import { MOST_SILENT_DAYS, type SilenceAlertInput } from "@/lib/core/alerts/schema";
import { AppError } from "@/lib/core/shared/errors";
import { DAY_MS } from "@/lib/core/shared/time";
import { updateAlert } from "@/lib/data/alerts";
import { transact } from "@/lib/data/db";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { actOnAlert } from "./act-on-alert";

/**
 * Silences an alert until a moment: nobody is told, it still resolves by itself, and afterwards it fires again if it has not.
 *
 * @throws {AppError} `forbidden` below operator; `invalid_input` for a moment that is past or too far; `not_found`; `conflict` (`not_open`)
 */
export async function silenceAlert(
  ctx: ServiceContext,
  { id, until, reason }: SilenceAlertInput,
): Promise<{ alert_id: string; state: "silenced"; until: string }> {
  requireRole(ctx, "operator");
  const end = new Date(until);
  if (end <= ctx.now || end.getTime() > ctx.now.getTime() + MOST_SILENT_DAYS * DAY_MS)
    throw new AppError("invalid_input", `Give a moment within the next ${MOST_SILENT_DAYS} days.`, {
      faults: [{ code: "out_of_range", path: "/until", message: `must be within the next ${MOST_SILENT_DAYS} days` }],
    });
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "operator");
    const { alert, watch } = await actOnAlert(tx, ctx, id, (state) => silence(state, end, ctx.now));
    await updateAlert(tx, ctx.workspaceId, id, { state: "silenced", watch, silencedUntil: end, note: reason });
    const details = { alert: id, agent: alert.handle, rule: alert.rule, until: end.toISOString(), reason };
    await record(tx, ctx, "alert.silence", details, { alert: id });
  });
  return { alert_id: id, state: "silenced", until: end.toISOString() };
}
