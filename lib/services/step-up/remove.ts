import "server-only";

import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { Totp } from "@/lib/core/shared/totp";
import { transact, type Tx } from "@/lib/data/db";
import { findMember } from "@/lib/data/members";
import { insertTie } from "@/lib/data/people";
import { isRecoveryCode, removeStepUpKey } from "@/lib/data/step-up";
import { hashRecoveryCode } from "@/lib/platform/totp";

import { barrier } from "../barrier";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { countingCodes, takeCode } from "./check-code";

/**
 * Takes one's own authenticator away, with a code it shows or with a recovery code.
 *
 * @throws {AppError} `unprocessable` (`code_wrong`, `code_used`); `over_limit`; `forbidden` when there is none
 */
export async function removeStepUp(ctx: ServiceContext, { code }: { readonly code: string }): Promise<void> {
  const { memberId } = requireMember(ctx);
  await countingCodes(ctx, () =>
    transact(ctx.db, async (tx) => {
      await requireNow(tx, ctx);
      const recovered = await isRecoveryCode(tx, ctx.workspaceId, memberId, hashRecoveryCode(code));
      if (!recovered) await takeAnyCode(tx, ctx, memberId, code);
      if (!(await removeStepUpKey(tx, ctx.workspaceId, memberId))) throw noneSetUp();
      await record(tx, ctx, "step_up.remove", { member: memberId, recovered });
    }),
  );
}

async function takeAnyCode(tx: Tx, ctx: ServiceContext, memberId: MemberId, text: string): Promise<void> {
  const code = Totp.safeParse(text);
  await takeCode(tx, ctx, memberId, code.success ? code.data : "");
}

/**
 * Takes another person's authenticator away, for one who lost both it and the recovery codes. Until it has cooled off
 * the two count as one person.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `conflict` for oneself; `not_found`
 */
export async function resetStepUp(ctx: ServiceContext, { member }: { readonly member: string }): Promise<void> {
  const actor = requireRole(ctx, "admin");
  const found = await findMember(ctx.db, ctx.workspaceId, member);
  if (!found) throw new AppError("not_found", "There is no such member.");
  if (found.id === actor.memberId) {
    throw new AppError("conflict", "Remove your own with a code, or have another administrator reset it.", {
      reason: "own_account",
    });
  }
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "admin");
    if (!(await removeStepUpKey(tx, ctx.workspaceId, MemberId.parse(found.id)))) throw noneSetUp();
    await insertTie(tx, ctx.workspaceId, { memberId: found.id, byId: actor.memberId, kind: "credentials" });
    await record(tx, ctx, "step_up.reset", { member: found.id });
  });
}

const noneSetUp = () => new AppError("not_found", "No authenticator app is set up.", { reason: "step_up_missing" });
