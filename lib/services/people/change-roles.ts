import "server-only";

import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { ChangeRolesInput, Role } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { findMember, lockActiveAdmins, setRoles } from "@/lib/data/members";
import { findCoolingOffHours, insertTie } from "@/lib/data/people";

import { barrier } from "../barrier";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Gives a member other roles. Until it has cooled off the two count as one person: what an administrator can do with two
 * accounts they could otherwise hand to the second of them.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`; `conflict` (`own_account`, `last_admin`,
 *   `roles_unchanged`)
 */
export async function changeRoles(
  ctx: ServiceContext,
  input: ChangeRolesInput,
): Promise<{ readonly member_id: string; readonly roles: readonly Role[] }> {
  const { memberId: by } = requireRole(ctx, "admin");
  const roles = [...new Set(input.roles)];
  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const admins = await lockActiveAdmins(tx, ctx.workspaceId);
    await requireNow(tx, ctx, "admin");
    const member = await findMember(tx, ctx.workspaceId, input.member);
    if (!member) throw new AppError("not_found", "There is no such member.");
    if (member.id === by)
      throw new AppError("conflict", "Another administrator has to change your roles.", { reason: "own_account" });
    if (!roles.includes("admin") && admins.every((id) => id === member.id))
      throw new AppError("conflict", "This is the last administrator. Add another one first.", {
        reason: "last_admin",
      });
    const id = MemberId.parse(member.id);
    if (!(await setRoles(tx, ctx.workspaceId, id, roles)))
      throw new AppError("conflict", "They hold exactly these roles, or are disabled.", { reason: "roles_unchanged" });
    await insertTie(tx, ctx.workspaceId, { memberId: id, byId: by, kind: "roles" });
    const cooling_off = String(await findCoolingOffHours(tx, ctx.workspaceId));
    const details = { member: id, before: [...member.roles], after: roles, cooling_off_hours: cooling_off };
    await record(tx, ctx, "member.roles", details);
    return { member_id: id, roles };
  });
}
