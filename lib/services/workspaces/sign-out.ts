import "server-only";

import { transact } from "@/lib/data/db";
import { closeSignIn } from "@/lib/data/sign-ins";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/** Ends a session for good: a copy of its cookie opens nothing any more. Ending it twice is harmless. */
export async function signOut(ctx: ServiceContext, input: { readonly signInId: string }): Promise<void> {
  const { memberId } = requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    const ended = await closeSignIn(tx, ctx.workspaceId, input.signInId, memberId);
    if (ended) await record(tx, ctx, "member.sign_out", { member: memberId, sign_in: input.signInId });
  });
}
