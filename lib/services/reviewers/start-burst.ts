import "server-only";

import { randomInt } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { Display } from "@/lib/core/approvals/display";
import { type Burst, BURST_ITEMS, BURST_WRONG } from "@/lib/core/reviewers/burst";
import { AppError } from "@/lib/core/shared/errors";
import { findOpenBurst, insertBurst, updateBurst } from "@/lib/data/bursts";
import { findSourceRecord, listSources } from "@/lib/data/calibration";
import { transact, type Tx } from "@/lib/data/db";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Begins a practice round of past actions, most of them wrong, with the answer after each. One that was begun goes on.
 *
 * @throws {AppError} `forbidden` for who may not review; `conflict` (`too_little_past`) while there are too few past actions
 */
export async function startBurst(ctx: ServiceContext): Promise<{ readonly items: number }> {
  const { memberId } = requireRole(ctx, "reviewer");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "reviewer");
    const open = await findOpenBurst(tx, ctx.workspaceId, memberId);
    if (open && (await canGoOn(tx, ctx, open))) return { items: open.items.length };
    if (open) await updateBurst(tx, ctx.workspaceId, open, { passed: false, at: ctx.now });
    const past = { olderThanDays: 0, forBurstOf: memberId };
    const wrong = await listSources(tx, ctx.workspaceId, { ...past, limit: BURST_WRONG });
    const right = await listSources(tx, ctx.workspaceId, { ...past, limit: BURST_ITEMS - wrong.length, good: true });
    if (wrong.length < 2 || wrong.length + right.length < BURST_ITEMS) {
      throw new AppError(
        "conflict",
        "There are too few past actions that others decided. Try again when more were reviewed.",
        {
          reason: "too_little_past",
        },
      );
    }
    const items = shuffled([
      ...wrong.map(({ id }) => ({ id, wrong: true })),
      ...right.map(({ id }) => ({ id, wrong: false })),
    ]);
    const id = uuidv7();
    if (await insertBurst(tx, ctx.workspaceId, { id, memberId, items, at: ctx.now })) {
      await record(tx, ctx, "calibration.burst_start", { burst: id, items: items.length });
    }
    return { items: items.length };
  });
}

/** Whether the next action of a round can still be shown; what it was about may have been erased meanwhile. */
async function canGoOn(tx: Tx, ctx: ServiceContext, open: Burst): Promise<boolean> {
  const next = open.items[open.answers.length];
  const source = next ? await findSourceRecord(tx, ctx.workspaceId, next.id) : null;
  return source !== null && Display.safeParse(source.display).success;
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = randomInt(at + 1);
    const [a, b] = [order[at], order[other]];
    if (a !== undefined && b !== undefined) [order[at], order[other]] = [b, a];
  }
  return order;
}
