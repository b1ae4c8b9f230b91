import "server-only";

import { v7 as uuidv7 } from "uuid";

import { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { DAY_MS } from "@/lib/core/shared/time";
import {
  type DelegateInput,
  type Delegation,
  type EndDelegationInput,
  LONGEST_DELEGATION_DAYS,
} from "@/lib/core/workspaces/delegation";
import { transact } from "@/lib/data/db";
import { endDelegationRow, insertDelegation, listDelegationsOf } from "@/lib/data/delegations";
import { findMember } from "@/lib/data/members";

import { barrier } from "../barrier";
import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Hands one's reviewing to another for a while. It gives the other person no right: they must hold the role themselves,
 * and while it lasts what keeps one from approving keeps them from it too.
 *
 * @throws {AppError} `not_found`; `conflict` for oneself, a disabled member or one who reviews nothing; `unprocessable` for its times
 */
export async function delegateReviews(ctx: ServiceContext, input: DelegateInput): Promise<{ readonly id: string }> {
  const { memberId: from, roles } = requireMember(ctx);
  if (!roles.includes("reviewer"))
    throw new AppError("forbidden", "You hold no role to hand over.", { reason: "role_missing" });
  const member = await findMember(ctx.db, ctx.workspaceId, input.to);
  if (!member) throw new AppError("not_found", "There is no such member.");
  if (member.id === from) throw new AppError("conflict", "Choose somebody else.", { reason: "own_account" });
  if (member.disabled || member.joinedAt === null || !member.roles.includes("reviewer")) {
    throw new AppError("conflict", `${member.name} does not review, so they cannot decide for you.`, {
      reason: "role_missing",
    });
  }
  const [to, id] = [MemberId.parse(member.id), uuidv7()];
  const [startsAt, endsAt] = [input.starts_at ? new Date(input.starts_at) : null, new Date(input.ends_at)];
  const days = (endsAt.getTime() - (startsAt ?? ctx.now).getTime()) / DAY_MS;
  if (days > LONGEST_DELEGATION_DAYS) throw badTimes(`At most ${LONGEST_DELEGATION_DAYS} days.`);
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await requireNow(tx, ctx, "reviewer");
    if (!(await insertDelegation(tx, ctx.workspaceId, { id, from, to, startsAt, endsAt })))
      throw badTimes("It would be over before it begins.");
    const starts_at = startsAt?.toISOString() ?? null;
    await record(tx, ctx, "delegation.create", { delegation: id, from, to, starts_at, ends_at: endsAt.toISOString() });
  });
  return { id };
}

/** Ends one's own delegation before its time. @throws {AppError} `not_found` when it is over or not one's own */
export async function endDelegation(ctx: ServiceContext, input: EndDelegationInput): Promise<void> {
  const { memberId } = requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    if (!(await endDelegationRow(tx, ctx.workspaceId, input.delegation, memberId)))
      throw new AppError("not_found", "This is over already.");
    await record(tx, ctx, "delegation.end", { delegation: input.delegation });
  });
}

/** What the person who asks has handed over or taken on, running or to come. */
export async function listDelegations(ctx: ServiceContext): Promise<readonly Delegation[]> {
  const { memberId } = requireMember(ctx);
  return listDelegationsOf(ctx.db, ctx.workspaceId, memberId);
}

const badTimes = (message: string) =>
  new AppError("unprocessable", message, {
    reason: "bad_times",
    faults: [{ code: "bad_times", path: "/ends_at", message }],
  });
