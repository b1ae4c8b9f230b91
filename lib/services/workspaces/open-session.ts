import "server-only";

import { v7 as uuidv7 } from "uuid";

import { transact } from "@/lib/data/db";
import { insertSignIn } from "@/lib/data/sign-ins";
import { SESSION_SECONDS, type SessionClaims } from "@/lib/platform/session-token";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/** Opens a session for a member who has just proved who they are. Always a new one: no id outlives a sign-in. */
export async function openSession(ctx: ServiceContext, method: "password" | "oidc"): Promise<SessionClaims> {
  const { memberId } = requireMember(ctx);
  const signInId = uuidv7();
  await transact(ctx.db, async (tx) => {
    await insertSignIn(tx, ctx.workspaceId, { id: signInId, memberId, seconds: SESSION_SECONDS });
    await record(tx, ctx, "member.sign_in", { member: memberId, sign_in: signInId, method });
  });
  return { signInId, memberId, workspaceId: ctx.workspaceId };
}
