import "server-only";

import { type AnswerBurstInput, burstPassed } from "@/lib/core/reviewers/burst";
import { cueOf } from "@/lib/core/reviewers/calibration";
import { AppError } from "@/lib/core/shared/errors";
import { findOpenBurst, updateBurst } from "@/lib/data/bursts";
import { findSourceRecord } from "@/lib/data/calibration";
import { transact } from "@/lib/data/db";

import { mismatchIn } from "../calibration/feedback";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/** What is said about one answer of a practice round. `passed` is null while the round goes on. */
export type BurstFeedback = {
  readonly right: boolean;
  readonly wrongAction: boolean;
  readonly at: Date;
  readonly ended: string;
  readonly cue: string;
  readonly left: number;
  readonly passed: boolean | null;
};

/**
 * Takes a person's answer to the action they have before them in their own round, and says at once what it was.
 *
 * @throws {AppError} `not_found` without a round; `conflict` (`already_answered`) for another place than the next one
 */
export async function answerBurst(ctx: ServiceContext, input: AnswerBurstInput): Promise<BurstFeedback> {
  const { memberId } = requireRole(ctx, "reviewer");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "reviewer");
    const burst = await findOpenBurst(tx, ctx.workspaceId, memberId, { lock: true });
    const item = burst?.items[input.place];
    if (!burst || burst.id !== input.burst || !item)
      throw new AppError("not_found", "There is no such practice round.");
    if (burst.answers.length !== input.place) {
      throw new AppError("conflict", "This one is answered already.", { reason: "already_answered" });
    }
    const answered = { ...burst, answers: [...burst.answers, input.verdict] };
    const passed = burstPassed(answered);
    await updateBurst(tx, ctx.workspaceId, answered, { passed, at: ctx.now });
    if (passed !== null)
      await record(tx, { ...ctx, actor: { kind: "system", job: "calibration" } }, "calibration.burst_end", {
        burst: burst.id,
      });
    const source = await findSourceRecord(tx, ctx.workspaceId, item.id);
    if (!source) throw new AppError("not_found", "This action is no longer kept.");
    const { ended, cue } = item.wrong
      ? cueOf({
          state: source.state,
          note: source.note,
          regretNote: source.regretNote,
          regretCause: source.regretCause,
          mismatch: mismatchIn(source.display),
        })
      : { ended: "approved", cue: "it ran and nothing was wrong with it" };
    const left = burst.items.length - answered.answers.length;
    const right = item.wrong === (input.verdict === "deny");
    return { right, wrongAction: item.wrong, at: source.createdAt, ended, cue, left, passed };
  });
}
