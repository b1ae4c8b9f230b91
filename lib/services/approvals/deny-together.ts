import "server-only";

import { DenyTogetherInput } from "@/lib/core/approvals/group";
import type { ApprovalState } from "@/lib/core/approvals/schema";
import { AppError } from "@/lib/core/shared/errors";

import { requireMember, type ServiceContext } from "../context";
import { castVote } from "./cast-vote";

/** What became of one of several denials. */
export type Denial =
  | { readonly approval_id: string; readonly ok: true; readonly state: ApprovalState }
  | { readonly approval_id: string; readonly ok: false; readonly reason: string; readonly message: string };

/**
 * Denies several actions with one reason. Each is judged by itself: one that cannot be denied any more stops none of the
 * others, and nothing that was not named is touched.
 *
 * @throws {AppError} `invalid_input` for more than 25, none, or one named twice
 */
export async function denyTogether(
  ctx: ServiceContext,
  given: unknown,
): Promise<{ readonly denied: number; readonly results: readonly Denial[] }> {
  requireMember(ctx);
  const parsed = DenyTogetherInput.safeParse(given);
  if (!parsed.success) {
    throw new AppError("invalid_input", "Name between 1 and 25 actions, each once.", { cause: parsed.error });
  }
  const { approval_ids: ids, note } = parsed.data;
  const results: Denial[] = [];
  for (const approval_id of ids) {
    try {
      const { state } = await castVote(ctx, { approval_id, verdict: "deny", note });
      results.push({ approval_id, ok: true, state });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      results.push({ approval_id, ok: false, reason: error.reason, message: error.message });
    }
  }
  return { denied: results.filter((one) => one.ok).length, results };
}
