import "server-only";

import { v7 as uuidv7 } from "uuid";

import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { CreateMemberInput } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { insertMember, insertToken } from "@/lib/data/members";
import { hashPassword } from "@/lib/platform/password";
import { makeSecret } from "@/lib/platform/secret";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";

const TOKEN_DAYS = 90;

export type CreatedMember = { readonly member_id: string; readonly email: string; readonly token: string };

/**
 * Adds a person with roles, an optional password and a first personal token, which only this answer shows.
 *
 * @throws {AppError} `forbidden` unless an administrator asks, `conflict` when the address is taken
 */
export async function createMember(ctx: ServiceContext, input: CreateMemberInput): Promise<CreatedMember> {
  requireRole(ctx, "admin");
  const id = MemberId.parse(uuidv7());
  const token = makeSecret("ilp_");
  const roles = [...new Set(input.roles)];
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);

  await transact(ctx.db, async (tx) => {
    const added = await insertMember(tx, ctx.workspaceId, {
      id,
      email: input.email,
      name: input.name,
      roles,
      passwordHash,
    });
    if (!added)
      throw new AppError("conflict", "There is already a member with this e-mail address.", { reason: "email_taken" });
    const { hash, hint } = token;
    await insertToken(tx, ctx.workspaceId, {
      id: uuidv7(),
      memberId: id,
      name: "first token",
      hash,
      hint,
      days: TOKEN_DAYS,
    });
    await record(tx, ctx, "member.create", { member: id, roles, password: passwordHash !== null });
  });
  return { member_id: id, email: input.email, token: token.secret };
}
