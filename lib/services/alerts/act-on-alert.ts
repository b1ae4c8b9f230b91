import "server-only";

import type { Act, Watch } from "@/lib/core/alerts/evaluate";
import { AppError } from "@/lib/core/shared/errors";
import type { OpenAlert } from "@/lib/data/alerts";
import { lockAlert } from "@/lib/data/alerts";
import type { Tx } from "@/lib/data/db";

import type { ServiceContext } from "../context";

/**
 * Locks an alert and does to it what a person asks.
 *
 * @throws {AppError} `not_found`; `conflict` (`not_open`, `already`)
 */
export async function actOnAlert(
  tx: Tx,
  ctx: ServiceContext,
  id: string,
  act: (watch: Watch) => Act,
): Promise<{ readonly alert: OpenAlert; readonly watch: Watch }> {
  const alert = await lockAlert(tx, ctx.workspaceId, id);
  if (!alert) throw new AppError("not_found", "There is no such alert.");
  const done = act(alert.watch);
  if (done.ok) return { alert, watch: done.state };
  const message = done.why === "already" ? "This alert is acknowledged already." : "This alert is not open.";
  throw new AppError("conflict", message, { reason: done.why });
}
