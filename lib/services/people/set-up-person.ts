import "server-only";

import { v7 as uuidv7 } from "uuid";

import { MemberId } from "@/lib/core/shared/brand";
import type { InviteMemberInput } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { insertMember } from "@/lib/data/members";
import { hashPassword } from "@/lib/platform/password";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Adds a person of the demonstration while the installation is set up. Without a password nobody can sign in as them.
 *
 * @returns their id
 */
export async function setUpPerson(
  ctx: ServiceContext,
  { email, name, roles, password }: InviteMemberInput & { readonly password: string | null },
): Promise<MemberId> {
  requireSystem(ctx);
  const id = MemberId.parse(uuidv7());
  const passwordHash = password === null ? null : await hashPassword(password);
  await transact(ctx.db, async (tx) => {
    const member = { id, email, name, roles, passwordHash, origin: "installation", joined: true, demo: true } as const;
    if (!(await insertMember(tx, ctx.workspaceId, member))) throw new Error(`${email} is a member already`);
    await record(tx, ctx, "member.set_up", { member: id, roles, password: password !== null });
  });
  return id;
}
