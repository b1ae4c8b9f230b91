import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { MemberId } from "@/lib/core/shared/brand";
import { transact, type Tx } from "@/lib/data/db";
import { returnAttempt, takeAttempt } from "@/lib/data/sign-ins";
import { findStepUpKey, takeStep } from "@/lib/data/step-up";
import { openTotpSecret, totpStepOf } from "@/lib/platform/totp";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";

const WRONG = "code_wrong";
const USED = "code_used";
const ATTEMPTS = { capacity: 5, windowSeconds: 300 } as const;

/**
 * Runs what a code is checked in, and counts the attempt in the database: five at once, one more each minute. Only a
 * wrong or a used code uses one up. It is noted, the code is not.
 *
 * @throws {AppError} `over_limit` (`too_many_codes`)
 */
export async function countingCodes<T>(ctx: ServiceContext, work: () => Promise<T>): Promise<T> {
  const { memberId } = requireMember(ctx);
  const bucket = { key: `step-up:${memberId}`, ...ATTEMPTS };
  const wait = await takeAttempt(bucket);
  if (wait > 0) {
    throw new AppError("over_limit", `Too many codes were tried. Wait ${wait} s and enter a new one.`, {
      reason: "too_many_codes",
    });
  }
  try {
    const result = await work();
    await returnAttempt(bucket);
    return result;
  } catch (error) {
    const reason = error instanceof AppError ? error.reason : "";
    if (reason !== WRONG && reason !== USED) await returnAttempt(bucket);
    else await transact(ctx.db, (tx) => record(tx, ctx, "step_up.refuse", { member: memberId, reason }));
    throw error;
  }
}

/**
 * Takes a code of a person's authenticator, in the caller's transaction: it is used up with what it is for, and with
 * nothing else.
 *
 * @throws {AppError} `forbidden` (`step_up_missing`), `unprocessable` (`code_wrong`, `code_used`), `unavailable`
 */
export async function takeCode(
  tx: Tx,
  ctx: ServiceContext,
  memberId: MemberId,
  code: string,
  which: "begun" | "confirmed" = "confirmed",
): Promise<{ readonly keyId: string }> {
  const key = await findStepUpKey(tx, ctx.workspaceId, memberId, which);
  if (!key) throw new AppError("forbidden", "No authenticator app is set up.", { reason: "step_up_missing" });
  const secret = openTotpSecret(key.sealed, memberId);
  if (secret === null) {
    throw new AppError("unavailable", "Your authenticator was set up under another server secret. Have it reset.", {
      reason: "step_up_unreadable",
    });
  }
  const step = totpStepOf(secret, code, key.now);
  if (step === null)
    throw refusal(WRONG, "That is not the code your app shows now. Wait for the next one and enter it.");
  if (!(await takeStep(tx, ctx.workspaceId, memberId, step))) {
    throw refusal(USED, "This code has been used. Wait for the next one, which comes within 30 seconds.");
  }
  return { keyId: key.id };
}

function refusal(code: string, message: string): AppError {
  return new AppError("unprocessable", message, { reason: code, faults: [{ code, path: "/evidence/totp", message }] });
}
