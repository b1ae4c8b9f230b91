import "server-only";

import { distanceAfter } from "@/lib/core/reviewers/calibration";
import {
  closeCalibrationItem,
  findCalibrationState,
  listSources,
  listSourceSteps,
  lockOpenItems,
} from "@/lib/data/calibration";
import { transact, type Tx } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { insertCalibrationItem } from "@/lib/data/stand-ins";
import { findSettings } from "@/lib/data/workspaces";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { makeItem } from "./make-item";
import { sealOf } from "./seal";

/** One at a time in a workspace, so that no batch can hold two. */
const MOST_WAITING = 1;
const MIDDLE = 128;

/**
 * Ends items that are over, and puts the next one among the waiting requests when enough was reviewed since the last.
 * While the workspace is stopped, or an incident that a person declared is open, nobody is tested, and what waits is taken
 * back. One that a run's bound opened by itself is no reason: it may stay open for weeks.
 */
export async function seedCalibration(
  ctx: ServiceContext,
): Promise<{ readonly seeded: string | null; readonly ended: number }> {
  requireSystem(ctx);
  return transact(ctx.db, async (tx) => {
    const idle = { seeded: null, ended: 0 };
    const before = await findCalibrationState(tx, ctx.workspaceId);
    if (before.waiting === 0 && !(await findSettings(tx, ctx.workspaceId)).calibration) return idle;

    // Two replicas of the job take turns here.
    const settings = await findSettings(tx, ctx.workspaceId, { lock: true });
    const state = await findCalibrationState(tx, ctx.workspaceId);
    const at = { ...ctx, now: state.now };
    const ended = await endItems(tx, at, state.paused || !settings.calibration);
    const distance = distanceAfter(settings.calibration_one_in, state.salt?.[0] ?? MIDDLE);
    const due =
      settings.calibration && !state.paused && state.waiting - ended < MOST_WAITING && state.reviewed >= distance;
    return { seeded: due ? await seed(tx, at, settings.calibration_source_days) : null, ended };
  });
}

async function endItems(tx: Tx, ctx: ServiceContext, all: boolean): Promise<number> {
  const items = (await lockOpenItems(tx, ctx.workspaceId)).filter(({ waits }) => all || !waits);
  for (const item of items) {
    await closeCalibrationItem(tx, ctx.workspaceId, item.id, { at: ctx.now, answer: null });
    const seal = sealOf(item.salt, { source: item.source_id, result: null });
    await record(tx, ctx, "calibration.end", { approval_id: item.id, seal });
    const state = item.state === "waiting" ? "withdrawn" : item.state;
    const settled = { approval_id: item.id, state };
    await insertOutboxEvent(tx, ctx.workspaceId, { topic: "approval.settled", payload: settled });
  }
  return items.length;
}

async function seed(tx: Tx, ctx: ServiceContext, olderThanDays: number): Promise<string | null> {
  for (const source of await listSources(tx, ctx.workspaceId, { olderThanDays })) {
    const item = makeItem(source, await listSourceSteps(tx, ctx.workspaceId, source), ctx.now);
    if (item === null) continue;
    await insertCalibrationItem(tx, ctx.workspaceId, item);
    return item.id;
  }
  return null;
}
