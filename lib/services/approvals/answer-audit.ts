import "server-only";

import type { z } from "zod";

import { AnswerAuditInput } from "@/lib/core/approvals/audit";
import { AppError } from "@/lib/core/shared/errors";
import { databaseNow } from "@/lib/data/clock";
import { insertAuditAnswer } from "@/lib/data/audit";
import { transact } from "@/lib/data/db";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Records what a person thinks of a call that ran unasked. Evidence only: no verdict changes by it.
 *
 * @throws {AppError} `conflict` when there is no such call, or they have answered already
 */
export async function answerAudit(ctx: ServiceContext, given: z.input<typeof AnswerAuditInput>): Promise<void> {
  const { memberId } = requireMember(ctx);
  const parsed = AnswerAuditInput.safeParse(given);
  if (!parsed.success) throw new AppError("invalid_input", "This is no answer.", { cause: parsed.error });
  const { decision_id: decisionId, answer } = parsed.data;
  const at = databaseNow();
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    if (!(await insertAuditAnswer(tx, ctx.workspaceId, { decisionId, memberId, answer, at }))) {
      throw new AppError("conflict", "You have answered for this call already, or nobody could be asked about it.", {
        reason: "already_answered",
      });
    }
    await record(tx, { ...ctx, now: at }, "decision.audit", { decision_id: decisionId, answer });
  });
}
