import "server-only";

import type { ApprovalAnswer } from "@/lib/core/approvals/answer";

import type { ServiceContext } from "../context";
import { watchApproval } from "./approval-polls";
import { readApproval } from "./read-approval";

type Wait = { readonly id: string; readonly waitMs: number; readonly signal: AbortSignal };

/**
 * One request, answered as soon as it no longer waits or people want its dry run made again, at the latest when the time
 * is up. Nothing is kept between two of these: an agent that comes back later, or to another server, misses nothing.
 *
 * @throws {AppError} `not_found`, also for another agent's
 */
export async function waitForApproval(ctx: ServiceContext, { id, waitMs, signal }: Wait): Promise<ApprovalAnswer> {
  if (waitMs <= 0) return readApproval(ctx, id);
  const until = Date.now() + waitMs;
  let changed = () => undefined as void;
  let change = new Promise<void>((resolve) => (changed = resolve));
  // Watched before it is read, so that nothing between the two is lost.
  const unwatch = watchApproval(ctx.workspaceId, id.toLowerCase(), () => changed());
  try {
    const first = await readApproval(ctx, id);
    let approval = first;
    while (
      approval.state === "waiting" &&
      approval.rerun_requested_at === first.rerun_requested_at &&
      Date.now() < until &&
      !signal.aborted
    ) {
      await withinTime(change, until - Date.now(), signal);
      change = new Promise<void>((resolve) => (changed = resolve));
      approval = await readApproval(ctx, id);
    }
    return approval;
  } finally {
    unwatch();
  }
}

function withinTime(change: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, Math.max(0, ms));
    signal.addEventListener("abort", finish);
    void change.then(finish);
  });
}
