import "server-only";

import type { SetRotaInput } from "@/lib/core/notifications/rota";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { listPeople } from "@/lib/data/notification-people";
import { upsertRota } from "@/lib/data/notification-routes";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Says who is called and who is on call now.
 *
 * @throws {AppError} `forbidden` unless an operator or an administrator asks; `unprocessable` for people who are no
 *   members, and for somebody on call who is not among those called
 */
export async function setRota(ctx: ServiceContext, input: SetRotaInput): Promise<void> {
  const { memberId } = requireRole(ctx, "operator");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "operator");
    const known = new Set((await listPeople(tx, ctx.workspaceId)).map(({ id }) => id));
    if (!input.members.every((id) => known.has(id)))
      throw new AppError("unprocessable", "Somebody named is no active member.", { reason: "no_member" });
    if (input.now !== null && !input.members.includes(input.now))
      throw new AppError("unprocessable", "Who is on call must be one of those who are called.", {
        reason: "not_called",
      });
    await upsertRota(tx, ctx.workspaceId, input, { by: memberId, at: ctx.now });
    await record(tx, ctx, "notification.on_call", { members: [...input.members], now: input.now });
  });
}
