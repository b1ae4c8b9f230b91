import "server-only";

import { asJson } from "@/lib/core/shared/as-json";
import { type ChangeSettingsInput, WorkspaceSettings } from "@/lib/core/workspaces/settings";
import { transact } from "@/lib/data/db";
import { findSettings, setSettings } from "@/lib/data/workspaces";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/** Changes some of the workspace's settings. @throws {AppError} `forbidden` unless an administrator asks */
export async function changeSettings(ctx: ServiceContext, input: ChangeSettingsInput): Promise<WorkspaceSettings> {
  requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const before = await findSettings(tx, ctx.workspaceId, { lock: true });
    const after = WorkspaceSettings.parse({
      ...before,
      ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
    });
    await setSettings(tx, ctx.workspaceId, after);
    await record(tx, ctx, "workspace.settings", { before: asJson(before), after: asJson(after) });
    return after;
  });
}
