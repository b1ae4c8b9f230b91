import "server-only";

import { dependence } from "@/lib/core/people/independence";
import { dependenceText } from "@/lib/core/people/words";
import { AppError } from "@/lib/core/shared/errors";
import type { Db, Tx } from "@/lib/data/db";
import { findPeopleFacts, listActing } from "@/lib/data/people";

import { requireMember, type ServiceContext } from "../context";

type Fault = { readonly reason: "needs_second_person" | "not_independent"; readonly message: string };

/**
 * Makes sure that a version which widens is published by another person than its author, one independent of them.
 *
 * @param agentId whose manifest it is; null for what is no agent's
 * @throws {AppError} `conflict` (`needs_second_person` for the author, `not_independent` for one who counts as them)
 */
export async function refuseLoneWidening(
  tx: Tx,
  ctx: ServiceContext,
  authorId: string | null,
  agentId: string | null,
): Promise<void> {
  const fault = await faultBeside(tx, ctx, authorId, agentId);
  if (fault !== null) throw new AppError("conflict", fault.message, { reason: fault.reason });
}

/** Why the person who asks is no second person beside the author of a widening, in words; null when they are. */
export async function faultBeside(
  on: Db,
  ctx: ServiceContext,
  authorId: string | null,
  agentId: string | null,
): Promise<Fault | null> {
  const { memberId } = requireMember(ctx);
  if (authorId === memberId)
    return {
      reason: "needs_second_person",
      message: "You proposed this widening. Another policy administrator has to publish it.",
    };
  const both = await listActing(on, ctx.workspaceId, authorId === null ? [memberId] : [authorId, memberId]);
  const [author, me] = [authorId, memberId].map((id) => both.find((member) => member.memberId === id));
  const start = "A widening takes two independent people, and you cannot be the second now.";
  if (!author || !me) return { reason: "not_independent", message: `${start} Nobody knows who proposed it.` };
  if (author.disabled)
    return {
      reason: "not_independent",
      message: `${start} ${author.name} proposed it and is disabled. Propose it anew.`,
    };
  const facts = await findPeopleFacts(on, ctx.workspaceId, agentId);
  const found = dependence(author, me, facts);
  return found === null ? null : { reason: "not_independent", message: `${start} ${dependenceText(found, facts)}` };
}
