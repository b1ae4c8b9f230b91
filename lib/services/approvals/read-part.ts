import "server-only";

import { effectView, type EffectView } from "@/lib/core/approvals/effect";
import { type PartWindow, windowOf } from "@/lib/core/approvals/window";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { findApproval, type StoredApproval } from "@/lib/data/approvals";

import { requireMember, type ServiceContext } from "../context";
import { readDisplay } from "./read-display";

type Wanted = {
  readonly id: string;
  readonly part: string;
  readonly from: number;
  readonly count: number;
  readonly find: string;
};

/**
 * Some lines of one part of what a request would do, for whoever scrolls through it. Compared from what is stored, here,
 * so that a browser never has to hold or compare all of it.
 *
 * @throws {AppError} `not_found`; `unavailable` when this version cannot read what was stored
 */
export async function readPart(ctx: ServiceContext, wanted: Wanted): Promise<PartWindow> {
  requireMember(ctx);
  // Read each time, which asks the database whether this workspace has it; only the comparing is remembered.
  const stored = isUuid(wanted.id) ? await findApproval(ctx.db, ctx.workspaceId, wanted.id) : null;
  const part = stored && viewOf(stored).parts.find((candidate) => candidate.id === wanted.part);
  if (!part) throw new AppError("not_found", "There is no such part of an action.");
  return windowOf(part, wanted.from, wanted.count, wanted.find);
}

const MOST_VIEWS = 6;
const views = new Map<string, EffectView>();

/** Scrolling asks for one view again and again. A display never changes, and its digest names it. */
function viewOf(stored: StoredApproval): EffectView {
  const key = `${stored.approval.id} ${stored.approval.displayDigest}`;
  const view = views.get(key) ?? effectView(readDisplay(stored));
  views.delete(key);
  views.set(key, view);
  for (const oldest of views.keys()) {
    if (views.size <= MOST_VIEWS) break;
    views.delete(oldest);
  }
  return view;
}
