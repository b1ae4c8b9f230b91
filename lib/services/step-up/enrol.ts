import "server-only";

import { v7 as uuidv7 } from "uuid";

import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findMember } from "@/lib/data/members";
import { beginStepUpKey, confirmStepUpKey, stepUpSince } from "@/lib/data/step-up";
import { type QrPath, qrPathOf } from "@/lib/platform/qr";
import { hashRecoveryCode, makeRecoveryCodes, makeTotpSecret, sealTotpSecret } from "@/lib/platform/totp";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { countingCodes, takeCode } from "./check-code";

/** What an app needs, once: the secret as text and as a code to scan. */
export type BegunStepUp = { readonly secret: string; readonly qr: QrPath };

/**
 * Begins to set up an authenticator app for oneself. Nothing counts before its first code has come back.
 *
 * @throws {AppError} `conflict` when one is set up already: it is removed first, with a code of its own
 */
export async function beginStepUp(ctx: ServiceContext): Promise<BegunStepUp> {
  const { memberId } = requireMember(ctx);
  const member = await findMember(ctx.db, ctx.workspaceId, memberId);
  if (!member) throw new AppError("not_found", "There is no such member.");
  const { bytes, base32, uri } = makeTotpSecret(member.email);
  const sealed = sealTotpSecret(bytes, memberId);
  if (sealed === null)
    throw new AppError("unavailable", "This server has no secret to keep yours with.", { reason: "no_server_secret" });
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    if ((await stepUpSince(tx, ctx.workspaceId, memberId)) !== null) {
      throw new AppError("conflict", "An authenticator app is set up already. Remove it first.", {
        reason: "already_enrolled",
      });
    }
    await beginStepUpKey(tx, ctx.workspaceId, { id: uuidv7(), memberId, sealed });
    await record(tx, ctx, "step_up.begin", { member: memberId });
  });
  return { secret: base32.replaceAll(/(.{4})(?=.)/g, "$1 "), qr: qrPathOf(uri) };
}

/**
 * Ends the set-up with the app's first code.
 *
 * @returns recovery codes, which only this answer shows
 * @throws {AppError} `unprocessable` (`code_wrong`, `code_used`); `over_limit`
 */
export async function confirmStepUp(
  ctx: ServiceContext,
  { code }: { readonly code: string },
): Promise<{ readonly recovery_codes: readonly string[] }> {
  const { memberId } = requireMember(ctx);
  const codes = makeRecoveryCodes();
  await countingCodes(ctx, () =>
    transact(ctx.db, async (tx) => {
      await requireNow(tx, ctx);
      const { keyId } = await takeCode(tx, ctx, memberId, code, "begun");
      if (!(await confirmStepUpKey(tx, ctx.workspaceId, keyId, codes.map(hashRecoveryCode)))) {
        throw new AppError("conflict", "Begin again: this set-up is over.", { reason: "set_up_over" });
      }
      await record(tx, ctx, "step_up.confirm", { member: memberId });
    }),
  );
  return { recovery_codes: codes };
}
