import "server-only";

import type { LookInput } from "@/lib/core/approvals/schema";
import { AppError } from "@/lib/core/shared/errors";
import { creditLook } from "@/lib/data/attention";

import { requireMember, type ServiceContext } from "../context";

/**
 * Takes one beat of a page that shows a request, in view and in focus, and credits the time since the last.
 *
 * @returns the seconds credited to this person so far; 0 for what waits no more or shows something else
 * @throws {AppError} `forbidden` for a program: it has no screen to look at
 */
export async function noteLook(ctx: ServiceContext, input: LookInput): Promise<{ readonly seconds: number }> {
  const { memberId, via } = requireMember(ctx);
  if (via !== "screen") throw new AppError("forbidden", "Only a screen is looked at.", { reason: "screen_only" });
  const look = { approvalId: input.approval_id, memberId, displayDigest: input.display_digest };
  return { seconds: (await creditLook(ctx.db, ctx.workspaceId, look, input.begins)) ?? 0 };
}
