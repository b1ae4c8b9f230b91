import "server-only";

import { Display } from "@/lib/core/approvals/display";
import { type EffectView, effectView } from "@/lib/core/approvals/effect";
import { findLastBurst, findOpenBurst } from "@/lib/data/bursts";
import { findSourceRecord } from "@/lib/data/calibration";

import { requireRole, type ServiceContext } from "../context";

/** The action a person has before them in a practice round. */
export type BurstStep = {
  readonly burst: string;
  readonly place: number;
  readonly of: number;
  readonly display: Display;
  readonly view: EffectView;
};

/** Where a person's practice stands: the next action of the round, or how the last round ended. */
export async function showBurst(
  ctx: ServiceContext,
): Promise<{ readonly step: BurstStep | null; readonly last: { readonly passed: boolean; readonly at: Date } | null }> {
  const { memberId } = requireRole(ctx, "reviewer");
  const open = await findOpenBurst(ctx.db, ctx.workspaceId, memberId);
  const last = await findLastBurst(ctx.db, ctx.workspaceId, memberId);
  const place = open?.answers.length ?? 0;
  const item = open?.items[place];
  const source = item ? await findSourceRecord(ctx.db, ctx.workspaceId, item.id) : null;
  const display = source ? Display.safeParse(source.display) : null;
  if (!open || !display?.success) return { step: null, last };
  const step = { burst: open.id, place, of: open.items.length, display: display.data, view: effectView(display.data) };
  return { step, last };
}
